# The GitHub App: `rubricate serve`, and with another command `rubricate worker`.
# In production name the base by its digest: --build-arg PYTHON=python:3.13-slim-bookworm@sha256:...
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /src
RUN python -m venv /opt/rubricate
COPY requirements/app.txt requirements/dev.txt requirements/
# the versions and hashes that the tests ran with; no package is built from source
RUN /opt/rubricate/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r requirements/app.txt
COPY pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY checks checks
COPY bot bot
COPY action action
RUN PIP_BUILD_CONSTRAINT=requirements/dev.txt /opt/rubricate/bin/python -m pip install \
        --no-cache-dir --disable-pip-version-check --no-deps .

FROM ${PYTHON}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 rubricate \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin rubricate \
    && install --directory --owner 10001 --group 10001 --mode 700 /data
COPY --from=build /opt/rubricate /opt/rubricate
ENV PATH=/opt/rubricate/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RUBRICATE_DATA_DIR=/data \
    RUBRICATE_HOST=0.0.0.0 \
    RUBRICATE_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-I", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
# tini reaps what a killed review leaves behind
ENTRYPOINT ["tini", "--", "rubricate"]
CMD ["serve"]
