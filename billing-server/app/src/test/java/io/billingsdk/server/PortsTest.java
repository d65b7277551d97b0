package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
  private static final String LOCAL = "127.0.0.1";

  @Test
  void requireFree_aPortInUse_isRefused_withTheOptionThatNamesAnother() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Ports.requireFree(LOCAL, taken.getLocalPort(), "--http-port"))
          .hasMessageContainingAll(LOCAL + ":" + taken.getLocalPort(), "--http-port", "0 for any");
    }
  }

  @Test
  void requireFree_aPortThatWasUsed_isFreeAgainAtOnce() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThatCode(() -> Ports.requireFree(LOCAL, port, "--http-port")).doesNotThrowAnyException();
  }

  @Test
  void requireFree_anyPort_isNotLookedAt() {
    assertThatCode(() -> Ports.requireFree("no such host.invalid", 0, "--http-port"))
        .doesNotThrowAnyException();
  }

  @Test
  void requireFree_aHostThatIsNone_isRefusedByName() {
    assertThatThrownBy(() -> Ports.requireFree("no such host", 5_000, "--http-port"))
        .hasMessageContaining("no such host");
  }
}
