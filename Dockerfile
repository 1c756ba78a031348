# Moi as an image: not root, nothing to build with, and able to run on a root file system that cannot be written.
# What is written goes to /data (with PostgreSQL next to nothing) and /tmp. Secrets are files in /run/secrets.
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
ARG UV=0.13.9
RUN pip install --no-cache-dir --root-user-action=ignore "uv==${UV}"
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
# First what others made, which changes less often than what we make.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project --no-build
COPY . .
# The build hook takes Web Chat and the design tokens from npm, and checks them.
RUN uv sync --locked --no-dev && .venv/bin/python app.py check

FROM python:${PYTHON}
# In this stage nothing is installed any more, so what could install goes.
RUN pip uninstall --yes --root-user-action=ignore pip \
    && groupadd --gid 10001 moi \
    && useradd --uid 10001 --gid moi --no-create-home --home-dir /data --shell /usr/sbin/nologin moi \
    && install --directory --owner=moi --group=moi --mode=0700 /data \
    && mkdir --parents /run/secrets
COPY --from=build /app /app
WORKDIR /app
# Two pools of memory for all threads instead of eight per processor: six megabytes less at rest.
# MOI_SECRETS_DIR names a folder and holds no secret.
# hadolint ignore=DL3064
ENV PATH="/app/.venv/bin:${PATH}" \
    MALLOC_ARENA_MAX=2 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MOI_DATA_DIR=/data \
    MOI_DEVELOPMENT=false \
    MOI_HOST=0.0.0.0 \
    MOI_INSIDE_PORT=9978 \
    MOI_PORT=3978 \
    MOI_SECRETS_DIR=/run/secrets
USER 10001:10001
VOLUME /data
EXPOSE 3978
HEALTHCHECK --start-period=30s --interval=15s --timeout=5s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"MOI_INSIDE_PORT\"]}/healthz', timeout=4)"]
CMD ["python", "app.py"]
