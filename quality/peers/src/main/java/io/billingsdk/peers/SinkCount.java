package io.billingsdk.peers;

import io.billingsdk.testbed.Pace;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/** Asks a sink how many events have come to it. For one thread. */
final class SinkCount implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final Socket socket;
  private final DataInputStream answers;
  private int last;
  private long grewNanos = System.nanoTime();

  SinkCount(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    answers = new DataInputStream(socket.getInputStream());
  }

  /** How many different events. */
  int now() {
    try {
      socket.getOutputStream().write(1);
      int count = answers.readInt();
      if (count != last) {
        last = count;
        grewNanos = System.nanoTime();
      }
      return count;
    } catch (IOException gone) {
      throw new UncheckedIOException("the sink does not answer", gone);
    }
  }

  /**
   * Waits until so many have come.
   *
   * @return whether they have; false when none has come within that time
   */
  boolean await(int count, Duration patience) {
    grewNanos = System.nanoTime();
    while (now() < count) {
      if (System.nanoTime() - grewNanos > patience.toNanos()) {
        return false;
      }
      Pace.pause(PAUSE);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
