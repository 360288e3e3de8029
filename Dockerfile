# Tsunagari in a container. Not a word of configuration is in the image: see docs/operation.md.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY knowledge knowledge
# Hashes are checked; the tools that build, a compiler among them, stay behind in this stage.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev \
    && python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /venv/bin/python -m pip uninstall --yes --quiet \
       axe-playwright-python bm25s coverage editables hatchling hypothesis matplotlib mypy playwright pytest pytest-asyncio \
       ruff time-machine types-PyYAML pip

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin tsunagari \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data /cache
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/tsunagari.db \
    CACHE_FOLDER=/cache \
    HEALTH_LISTEN=127.0.0.1 \
    HEALTH_PORT=9100
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/cache"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9100/healthz', timeout=3)"]
ENTRYPOINT ["tsunagari"]
CMD ["serve"]
