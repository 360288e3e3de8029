"""Joins what ``tsunagari serve`` runs beside the bot for those who run it."""

from collections.abc import Callable

from bot.app import App
from bot.clock import GuidedClock
from bot.operation.metrics import Metrics, State
from bot.settings import Settings
from bot.telegram.notices import Notices
from bot.telegram.operation import Operation
from bot.telegram.timekeeping import Timekeeping


def operation_side(  # noqa: PLR0913  what it joins
    app: App,
    settings: Settings,
    metrics: Metrics,
    sings: Callable[[], bool] | None,
    *,
    notices: Notices | None = None,
    clock: GuidedClock | None = None,
) -> Operation:
    """``sings``: of the canary; None without one. ``clock``: compared with Telegram's."""

    def state() -> State:
        return State(
            waiting={"log": app.log.waiting} if app.log else {},
            lost=app.log.lost if app.log else 0,
            knowledge=app.library.version,
            refused=bool(app.source and app.source.findings),
            sings=sings() if sings else None,
        )

    return Operation(
        settings,
        app.clock,
        metrics,
        state,
        notices=notices,
        timekeeping=Timekeeping(clock, notices) if clock and notices else None,
    )
