"""Kill a process with SIGKILL at random moments of a token refresh.

    python tests/campaigns/kill_refresh.py [--kills 200]

Where the refresh token does not rotate, the next process must always go on. Where it
does, Strava's commit and our write to disk cannot be one step: a kill between them
loses the token. Each such loss is counted, must be a real one (the server's token is
not the one on disk), and must end in a LoginRequired that names ``stravalib login``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

from stravalib import Client, exc
from stravalib.emulator import LocalStrava
from stravalib.tokens import FileTokenStore, SQLiteTokenStore, Token, TokenKey

sys.path.insert(0, str(Path(__file__).parent.parent / "emulator"))
from small_world import ANNA, small_world

STORES = {"file": FileTokenStore, "sqlite": SQLiteTokenStore}


def make_client(kind, path, url, credentials):
    return Client(
        base_url=url,
        client_id=credentials[0],
        client_secret=credentials[1],
        token_store=STORES[kind](path),
        athlete_id=ANNA,
    )


def victim(kind, path, url, credentials, ready):
    """Import, load, then refresh; ``ready`` is set just before."""
    client = make_client(kind, path, url, credentials)
    client.protocol.auth.store.load(TokenKey(credentials[0], ANNA))
    import filelock  # noqa: F401 - what a refresh imports, so that the kills hit it

    from stravalib._core import errors, tokens  # noqa: F401

    ready.set()
    client.get_athlete()


class Campaign:
    def __init__(self, strava, kind, path, seed):
        self.strava, self.kind, self.path = strava, kind, path
        self.store = STORES[kind](path)
        self.key = TokenKey(strava.application.id, ANNA)
        self.rng = random.Random(seed)
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["stravalib.client", "kill_refresh"])
        self.lost = self.interrupted = 0
        self.longest = 0.05
        self.faults = []

    def log_in(self):
        pair = self.strava.authorize()
        self.store.save(
            self.key,
            Token(
                pair.token.value,
                pair.refresh_token,
                1.0,
                pair.token.scopes,
                ANNA,
                self.strava.application.id,
            ),
        )

    def refresh_token_of_the_server(self):
        grants = self.strava.state.accounts.grants
        return grants[self.key].refresh_token

    def expire(self):
        """Make the token old, at Strava and on disk."""
        self.strava.clock.move(7 * 3600)
        token = self.store.load(self.key)
        self.store.save(self.key, token.replace(expires_at=1.0))

    def start(self):
        ready = self.context.Event()
        process = self.context.Process(
            target=victim,
            args=(
                self.kind,
                self.path,
                self.strava.url,
                tuple(self.strava.credentials),
                ready,
            ),
        )
        process.start()
        assert ready.wait(60), "the victim did not start"
        return process

    def measure(self):
        """Learn how long an undisturbed refresh takes."""
        for _ in range(5):
            self.expire()
            process = self.start()
            begun = time.perf_counter()
            process.join()
            self.longest = max(self.longest, time.perf_counter() - begun)

    def kill_once(self):
        self.expire()
        before = self.store.load(self.key)
        process = self.start()
        time.sleep(self.rng.uniform(0, self.longest))
        process.kill()
        process.join()
        after = self.store.load(self.key)
        self.interrupted += after == before
        gone = after.refresh_token != self.refresh_token_of_the_server()
        try:
            with make_client(
                self.kind, self.path, self.strava.url, tuple(self.strava.credentials)
            ) as client:
                client.get_athlete()
        except exc.LoginRequired as error:
            self.lost += 1
            if not gone:
                self.faults.append(f"the token was not lost: {error}")
            if "stravalib login" not in str(error):
                self.faults.append(f"says not what to do: {error}")
            self.log_in()
        except BaseException as error:
            self.faults.append(f"{type(error).__name__}: {error}")
            self.log_in()
        else:
            if gone:
                self.faults.append("went on with a dead token")


def run(kind, rotation, kills, seed=1):
    with tempfile.TemporaryDirectory() as where, LocalStrava(small_world()) as strava:
        strava.application.set_limits((10**6, 10**7, 10**6, 10**7))
        strava.application.rotation = rotation
        campaign = Campaign(strava, kind, str(Path(where) / "tokens"), seed)
        campaign.log_in()
        campaign.measure()
        for _ in range(kills):
            campaign.kill_once()
    return campaign


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--stores", default="file,sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = False
    for kind in options.stores.split(","):
        for rotation in ("never", "always"):
            found = run(kind, rotation, options.kills, options.seed)
            print(
                f"{kind:6} rotation {rotation:6}: {options.kills} kills within "
                f"{found.longest * 1000:.0f} ms, {found.interrupted} before the save, "
                f"{options.kills - found.lost} went on, {found.lost} lost; "
                f"faults: {found.faults[:3] or 'none'}"
            )
            failed |= bool(found.faults) or (rotation == "never" and found.lost > 0)
    return int(failed)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
