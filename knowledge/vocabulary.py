"""The closed vocabularies: every id that data, code, tables and buttons share."""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of entry; the first part of every entry id but a clause's, see ``prefix``."""

    CLAUSE = "guideline"
    PROGRAM = "program"
    WINDOW = "window"


class Topic(StrEnum):
    """What a person's trouble is about; every window carries at least one."""

    SUICIDE = "suicide"
    MENTAL_HEALTH = "mental-health"
    LONELINESS = "loneliness"
    POVERTY = "poverty"
    DV = "dv"
    SEXUAL_VIOLENCE = "sexual-violence"
    CHILD_ABUSE = "child-abuse"
    CHILD_YOUTH = "child-youth"
    SCHOOL_BULLYING = "school-bullying"
    HIKIKOMORI = "hikikomori"
    ELDERLY_CARE = "elderly-care"
    FOREIGN_LANGUAGE = "foreign-language"
    LGBTQ = "lgbtq"
    WORK = "work"
    DEBT_LEGAL = "debt-legal"
    ADDICTION = "addiction"
    PREGNANCY = "pregnancy"
    PARENTING = "parenting"
    DISASTER = "disaster"
    CONSUMER = "consumer"
    DISABILITY = "disability"
    BEREAVEMENT = "bereavement"
    POLICE = "police"
    MEDICAL_EMERGENCY = "medical-emergency"
    HUMAN_RIGHTS = "human-rights"
    WOMEN = "women"
    MEN = "men"
    DISAPPEARANCE_OF_HOUSING = "disappearance-of-housing"


class Activity(StrEnum):
    """What a program does: clause 3(1), then 3(2) 1 to 9, in the guideline's order."""

    PLATFORM = "platform"
    POLICY = "policy"
    SURVEY = "survey"
    INFO_SHARING = "info-sharing"
    PUBLICITY = "publicity"
    TRAINING = "training"
    COUNCIL = "council"
    DIRECT_SUPPORT = "direct-support"
    INTERMEDIARY_SUPPORT = "intermediary-support"
    MUNICIPAL_SUPPORT = "municipal-support"


CLAUSE_OF_ACTIVITY: dict[Activity, str] = {
    Activity.PLATFORM: "guideline/3-1",
    **{
        activity: f"guideline/3-2-{number}"
        for number, activity in enumerate(list(Activity)[1:], start=1)
    },
}
"""The clause each activity rests on."""


class Channel(StrEnum):
    """A way to reach a window."""

    PHONE = "phone"
    LINE = "line"
    WEBCHAT = "webchat"
    SNS = "sns"
    MAIL = "mail"
    FAX = "fax"
    APP = "app"
    IN_PERSON = "in-person"


class Need(StrEnum):
    """A property a person asks a window to have."""

    OPEN_NOW = "open-now"
    ALWAYS_OPEN = "always-open"
    NIGHT = "night"
    PHONE = "phone"
    LINE = "line"
    CHAT = "chat"
    TEXT = "text"
    MAIL = "mail"
    FAX = "fax"
    FREE = "free"
    ANONYMOUS = "anonymous"
    FOREIGN_LANGUAGE = "foreign-language"
    WOMEN_ONLY = "women-only"
    MINORS = "minors"


class People(StrEnum):
    """Whom a window is only for."""

    CHILD = "child"
    """People up to 18."""
    YOUNG = "young"
    """People up to their twenties or thirties."""
    WOMEN = "women"
    MEN = "men"


class About(StrEnum):
    """Whose trouble a message tells of."""

    ME = "me"
    CHILD = "child"
    PARENT = "parent"
    PARTNER = "partner"
    FRIEND = "friend"


class Age(StrEnum):
    """How old the person who writes is."""

    CHILD = "child"
    ADULT = "adult"
    ELDER = "elder"


class Cost(StrEnum):
    """What a person pays to reach a window."""

    FREE = "free"
    CALL_CHARGE = "call-charge"
    UNKNOWN = "unknown"


class Publication(StrEnum):
    """How far an entry is; only published ones are ever shown."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
