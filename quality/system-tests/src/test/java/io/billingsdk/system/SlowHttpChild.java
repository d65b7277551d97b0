package io.billingsdk.system;

import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Pace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Keeps as many connections open as it is told to: some say nothing, some never end their head,
 * some never end a body, without a token; others are streams of lines that are idle, with one. Each
 * is kept alive by a byte a second, and opened again when it was ended.
 */
public final class SlowHttpChild {
  private static final int THREADS = 16;
  private static final int KINDS = 3;
  private static final int STREAM = KINDS;
  private static final int TIMEOUT_MILLIS = 20_000;

  private final int port;
  private final SSLContext tls;
  private final String token;
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong streamsEnded = new AtomicLong();

  private SlowHttpChild(int port, SSLContext tls, String token) {
    this.port = port;
    this.tls = tls;
    this.token = token;
  }

  /** {@code port=N ca=FILE token=TEXT strangers=N streams=N}. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    SlowHttpChild attacker =
        new SlowHttpChild(
            (int) arguments.number("port", 0),
            OneAuthority.tls(Path.of(arguments.text("ca"))),
            arguments.text("token"));
    attacker.attack((int) arguments.number("strangers", 0), (int) arguments.number("streams", 0));
  }

  private final class Slow implements Runnable {
    private final int kind;
    private Socket socket = new Socket();

    Slow(int kind) {
      this.kind = kind;
    }

    @Override
    public void run() {
      try {
        if (!socket.isConnected() || socket.isClosed()) {
          open();
          opened.incrementAndGet();
        } else if (kind != STREAM) {
          socket.getOutputStream().write('x');
        } else if (socket.getInputStream().available() > 0) {
          var unused = socket.getInputStream().skip(socket.getInputStream().available());
        }
      } catch (IOException gone) {
        ended.incrementAndGet();
        streamsEnded.addAndGet(kind == STREAM ? 1 : 0);
        close();
      }
    }

    private void open() throws IOException {
      if (kind == 0) {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        // The beginning of a handshake, and no more.
        socket.getOutputStream().write(new byte[] {22, 3, 1, 2});
        return;
      }
      SSLSocket made = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
      socket = made;
      made.setSoTimeout(TIMEOUT_MILLIS);
      made.getOutputStream().write(head().getBytes(StandardCharsets.US_ASCII));
      if (kind == STREAM && made.getInputStream().read() < 0) {
        throw new IOException("refused");
      }
    }

    private String head() {
      return switch (kind) {
        case 1 -> "GET /api/v1/apps HTTP/1.1\r\nHost: localhost\r\nX: ";
        case 2 ->
            "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{";
        default ->
            "POST /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token
                + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
      };
    }

    private void close() {
      try {
        socket.close();
      } catch (IOException gone) {
        // There is nothing to be done about it.
      }
      socket = new Socket();
    }
  }

  private void attack(int strangers, int streams) throws Exception {
    List<Slow> all = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      all.add(new Slow(STREAM));
    }
    for (int i = 0; i < strangers; i++) {
      all.add(new Slow(i % KINDS));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    round(threads, all);
    System.out.println("attacking");
    while (!in.ready()) {
      long began = System.nanoTime();
      round(threads, all);
      Pace.until(began + Duration.ofSeconds(1).toNanos());
    }
    System.out.println("opened=" + opened + " ended=" + ended + " streams_ended=" + streamsEnded);
    System.exit(0);
  }

  private static void round(ExecutorService threads, List<Slow> all) throws InterruptedException {
    var unused = threads.invokeAll(all.stream().map(Executors::callable).toList());
  }
}
