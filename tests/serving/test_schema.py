"""The API's schema is OpenAPI 3.1, and the server does what it says (schemathesis, all checks)."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import jsonschema
import pytest
import uvicorn

from serving.app import create_app
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeModels


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An app on a local port, with its key; no background work."""
    settings = Settings(state_folder=tmp_path_factory.mktemp("state"))
    with open_wiring(settings, models=FakeModels()) as wiring:
        wiring.model.refresh()
        server = uvicorn.Server(uvicorn.Config(create_app(settings, wiring=wiring), port=0, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", wiring.keyring.first_key
        server.should_exit = True
        thread.join()


def test_the_schema_is_openapi_3_1(client):
    """Valid by the official JSON schema's core rules, with a summary for every operation and a problem for every error."""
    told = client.get("/openapi.json").json()
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)

    assert told["openapi"].startswith("3.1.")
    assert set(told["components"]["securitySchemes"]) == {"bearer", "apiKey"}
    operations = [operation for methods in told["paths"].values() for operation in methods.values()]
    assert len(operations) >= 15
    for operation in operations:
        assert operation["description"]
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]


def test_schemathesis_finds_no_fault(served, tmp_path: Path):
    """Generated requests, right and wrong: every answer is as documented, wrong ones are refused, right ones taken, no 5xx."""
    address, key = served
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json"),
        *("--exclude-path-regex", "/events$"),  # an answer without an end; tests/serving/live asks for it
        *("--header", f"X-API-Key: {key}", "--max-examples", "8", "--phases", "coverage,fuzzing", "--seed", "1", "--no-color"),
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=tmp_path, check=False)

    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "No issues found" in run.stdout
