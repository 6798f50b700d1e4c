# Made in one stage, run in another: no build tool, source or cache is left.
FROM python:3.11-slim AS build

WORKDIR /src
COPY requirements-build.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements-build.lock \
    && python -m venv --without-pip /opt/sinorus \
    && pip --python /opt/sinorus/bin/python install --no-cache-dir --require-hashes \
        --only-binary :all: --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY crawler ./crawler
COPY jobs ./jobs
COPY storage ./storage
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
    && pip --python /opt/sinorus/bin/python install --no-cache-dir --no-deps --no-index /wheels/*.whl


FROM python:3.11-slim

LABEL org.opencontainers.image.title="sinorus" \
      org.opencontainers.image.description="Watches what the world's newsrooms write about China–Russia relations." \
      org.opencontainers.image.licenses="MIT"

# A number that outlives the image: what is on the volume belongs to it.
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin sinorus \
    && install --directory --mode 0750 --owner sinorus --group sinorus /data
COPY --from=build /opt/sinorus /opt/sinorus

ENV PATH=/opt/sinorus/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
# The database and the raw pages. Nothing else is written to, but /tmp.
WORKDIR /data
VOLUME /data
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-m", "jobs.daemon.probe"]
ENTRYPOINT ["sinorus"]
CMD ["daemon"]
