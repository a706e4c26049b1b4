"""A version's folder is opened only when every byte of it is ours."""

import json
import os
import shutil

import joblib
import pytest

from data.domain.errors import ModelRefused, NotFound
from tests.training.registry.conftest import KEY, open_registry
from training.registry.folder import MANIFEST, PURPOSE, SIGNATURE
from training.registry.signature import sign

FILES = ["bundle.joblib", "card.json", "card.html", "trees-000.txt", MANIFEST, SIGNATURE]


def folder_of(registry, version):
    return registry.versions / version


def resign(folder, **changes):
    """Change the manifest and sign it with the right key, as an older or newer Doorcast would."""
    manifest = json.loads((folder / MANIFEST).read_bytes()) | changes
    text = json.dumps(manifest).encode()
    (folder / MANIFEST).write_bytes(text)
    (folder / SIGNATURE).write_text(sign(KEY, PURPOSE, text))


@pytest.mark.parametrize("name", FILES)
def test_every_flipped_bit_is_seen(registry, version, name):
    """One flipped bit at the start, in the middle or at the end of any file is a refusal that names the version."""
    path = folder_of(registry, version) / name
    whole = path.read_bytes()
    for place in (0, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(ModelRefused, match=version):
            registry.load(version)


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_refused(registry, version, name):
    """A file that lost its second half is a refusal."""
    path = folder_of(registry, version) / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(ModelRefused, match=version):
        registry.verify(version)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(registry, version, name):
    """A file that is gone is named."""
    (folder_of(registry, version) / name).unlink()

    with pytest.raises(ModelRefused, match="not signed" if name == SIGNATURE else name):
        registry.verify(version)


class Exploit:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (str(self.marker),)


def test_a_foreign_joblib_file_never_runs(registry, version, tmp_path):
    """A joblib file that would run code when loaded is refused unopened; the same file really is dangerous."""
    joblib.dump(Exploit(tmp_path / "owned"), folder_of(registry, version) / "bundle.joblib")

    with pytest.raises(ModelRefused, match=r"damaged: bundle\.joblib"):
        registry.load(version)
    assert not (tmp_path / "owned").exists()

    joblib.load(folder_of(registry, version) / "bundle.joblib")
    assert (tmp_path / "owned").exists()


def test_a_folder_from_elsewhere_without_signature_is_refused(registry, version):
    """A foreign folder is told that it is not signed, and what to do."""
    foreign = registry.versions / "20200101T000000Z-0123456789"
    foreign.mkdir()
    shutil.copy(folder_of(registry, version) / "bundle.joblib", foreign)

    with pytest.raises(ModelRefused, match=r"not signed.*doorcast train"):
        registry.load(foreign.name)


def test_another_key_opens_nothing(registry, version):
    """Bundles of another key are refused."""
    stranger = open_registry(registry.folder, key=b"x" * 32)

    with pytest.raises(ModelRefused, match="another key"):
        stranger.verify(version)


def test_a_newer_format_asks_for_an_upgrade(registry, version):
    """A bundle with a format number that this Doorcast does not know is refused with the next step."""
    resign(folder_of(registry, version), format=2)

    with pytest.raises(ModelRefused, match=r"format 2.*reads format 1; upgrade"):
        registry.verify(version)


@pytest.mark.parametrize("name", ["../card.json", "/etc/passwd", ".hidden.json", "a/b.json", "x.pkl", "manifest.json\n"])
def test_names_that_lead_elsewhere_are_refused(registry, version, name):
    """Even a signed manifest cannot point out of its folder."""
    resign(folder_of(registry, version), files=[{"name": name, "length": 1, "sha256": "0" * 64}])

    with pytest.raises(ModelRefused, match="not allowed"):
        registry.verify(version)


def test_a_signed_manifest_of_another_shape_is_refused(registry, version):
    """Unknown fields are a refusal, not a crash."""
    resign(folder_of(registry, version), surprise=1)

    with pytest.raises(ModelRefused, match="another shape"):
        registry.verify(version)


def test_an_extra_file_is_refused(registry, version):
    """Nothing may lie beside what the manifest lists."""
    (folder_of(registry, version) / "extra.txt").write_text("hello")

    with pytest.raises(ModelRefused, match=r"extra\.txt.*does not list"):
        registry.verify(version)


def test_links_are_not_followed(registry, version, tmp_path):
    """A link in place of a file, even to the right content, is a refusal."""
    path = folder_of(registry, version) / "card.json"
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")

    with pytest.raises(ModelRefused, match="links are not followed"):
        registry.verify(version)


def test_a_linked_version_is_refused(registry, version, tmp_path):
    """A link in place of a whole version is a refusal."""
    folder_of(registry, version).rename(tmp_path / "elsewhere")
    folder_of(registry, version).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ModelRefused, match="not a folder of its own"):
        registry.verify(version)


def test_a_pipe_does_not_hang_the_reader(registry, version):
    """A named pipe in place of a file is refused at once."""
    path = folder_of(registry, version) / "card.json"
    path.unlink()
    os.mkfifo(path)

    with pytest.raises(ModelRefused, match="not a regular file"):
        registry.verify(version)


def test_swapped_versions_are_seen(registry, versions):
    """A genuine bundle under the name of another is refused."""
    first, second = (folder_of(registry, version) for version in versions)
    shutil.rmtree(first)
    second.rename(first)

    with pytest.raises(ModelRefused, match="must not be renamed"):
        registry.verify(versions[0])


@pytest.mark.parametrize(
    "version", ["../../etc", "", ".", "20261121T120000Z-38d01eaa2a/..", "no such", "\x00", "20261121T120000Z-ffffffffff"]
)
def test_an_unknown_version_is_not_found(registry, version):
    """Whatever is not the name of a saved version is not found."""
    with pytest.raises(NotFound, match="models list"):
        registry.verify(version)


@pytest.mark.parametrize("name", ["bundle.joblib", "manifest.json", "signature"])
def test_a_folder_in_the_place_of_a_file_is_refused(registry, version, name):
    """It is told like other damage, not as an error of the system."""
    path = folder_of(registry, version) / name
    path.unlink()
    path.mkdir()
    with pytest.raises(ModelRefused, match="not a regular file"):
        registry.load(version)
