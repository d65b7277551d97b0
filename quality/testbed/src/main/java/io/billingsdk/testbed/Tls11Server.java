package io.billingsdk.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A server that speaks TLS 1.1 and nothing newer, to show that a client refuses it. It runs in a
 * JVM of its own, since this JVM must keep such protocols disabled.
 *
 * <p>It completes handshakes and then only reads. The child ends with {@link #close()}, or when
 * this JVM ends. Thread-safe.
 */
public final class Tls11Server implements AutoCloseable {

  private final Process child;
  private final int port;

  private Tls11Server(Process child, int port) {
    this.child = child;
    this.port = port;
  }

  /**
   * Starts it on a free port of 127.0.0.1 and returns when it listens.
   *
   * @param keyStore PKCS#12 with the server's key and certificate
   * @param password of the key store and the key
   */
  public static Tls11Server start(Path keyStore, char[] password) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Tls11Child.class.getName(),
                keyStore.toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      // Not as an argument: those can be read by every process.
      Writer in = child.outputWriter(StandardCharsets.UTF_8);
      in.write(password);
      in.write('\n');
      in.flush();
      return new Tls11Server(child, readPort(child));
    } catch (IOException | RuntimeException e) {
      child.destroyForcibly();
      throw e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    child.destroyForcibly();
    try {
      child.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int readPort(Process child) throws IOException {
    BufferedReader out = child.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.startsWith(Tls11Child.PORT)) {
      throw new IOException("the child did not report a port, but: " + line);
    }
    return Integer.parseInt(line.substring(Tls11Child.PORT.length()));
  }
}
