FROM python:3.12-slim

COPY requirements.lock /src/
RUN pip install --no-cache-dir --require-hashes --requirement /src/requirements.lock
COPY pyproject.toml README.md LICENSE /src/
COPY crawler /src/crawler
COPY jobs /src/jobs
COPY storage /src/storage
RUN pip install --no-cache-dir --no-deps /src && useradd --create-home sinorus \
    && install -d -o sinorus /data

USER sinorus
# The database and the raw pages: keep this directory on a volume.
WORKDIR /data
ENTRYPOINT ["sinorus"]
CMD ["crawl"]
