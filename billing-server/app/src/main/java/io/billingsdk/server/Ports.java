package io.billingsdk.server;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The ports on which a server is to listen, looked at before anything is started: a port that is in
 * use would else be found when all but the last part runs. A look, not a hold: somebody may take
 * one in between, and the part that wants it then says so.
 */
final class Ports {
  private Ports() {}

  /**
   * Refuses a port that is in use.
   *
   * @param port 0 for any free one
   * @param option which names another
   */
  static void requireFree(String host, int port, String option) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      // As the servers have it: connections that have just ended do not hold a port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException | IllegalArgumentException taken) {
      throw InstallationException.of(
          "cannot listen on "
              + host
              + ":"
              + port
              + " ("
              + InstallationException.reason(taken)
              + ")",
          "name another port with " + option + ", or 0 for any free one",
          taken);
    }
  }
}
