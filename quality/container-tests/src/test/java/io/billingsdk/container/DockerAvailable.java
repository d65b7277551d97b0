package io.billingsdk.container;

import io.billingsdk.testbed.Proof;
import org.testcontainers.DockerClientFactory;

/** Whether a Docker engine answers; the extension itself would fail instead of being skipped. */
final class DockerAvailable {
  private DockerAvailable() {}

  static boolean check() {
    if (DockerClientFactory.instance().isDockerAvailable()) {
      return true;
    }
    Proof.skipped("broker-independence-container", "no Docker engine answers on this machine");
    return false;
  }
}
