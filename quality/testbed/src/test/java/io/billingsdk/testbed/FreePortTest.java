package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** Ports that no connection takes by chance. */
final class FreePortTest {

  @Test
  void find_manyTimes_staysBelowThePortsOfConnections() throws IOException {
    for (int time = 0; time < 200; time++) {
      int port = FreePort.find();
      assertThat(port).isBetween(15_000, 31_999);
      try (ServerSocket mine = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(mine.getLocalPort()).isEqualTo(port);
      }
    }
  }
}
