package io.billingsdk.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port for a process that a test starts, and starts again under the same number.
 *
 * <p>It lies below the ports that systems give to sockets without a number (Linux: from 32768 on,
 * macOS: from 49152). One of those may be taken by any connection of any process between the choice
 * and the moment when the process of the test listens, or while it is down.
 *
 * <p>Thread-safe; it holds nothing.
 */
public final class FreePort {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 31_999;
  private static final int TRIES = 100;

  /** Of its own, so that a test with a fixed seed does not meet its twin in another JVM. */
  private static final Random RANDOM =
      new Random(System.nanoTime() ^ ProcessHandle.current().pid());

  private FreePort() {}

  /**
   * Finds one on which nothing listens, on no address of this machine.
   *
   * @throws IllegalStateException if there is none
   */
  public static int find() {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      int port = LOWEST + RANDOM.nextInt(HIGHEST - LOWEST + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port after " + TRIES + " tries between " + LOWEST + " and " + HIGHEST);
  }

  /** Some systems let a socket listen on one address while another has the port on all. */
  private static boolean isFree(int port) {
    return canListen(port, null) && canListen(port, loopback());
  }

  private static boolean canListen(int port, @Nullable InetAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
