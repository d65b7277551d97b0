package io.billingsdk.crash;

import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Pace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service that ends in an ordinary way and never closes its client. Each event that is accepted
 * is said in a line {@code ACC number}, written out before the next is reported; its usage is that
 * number. Threads go on reporting while the JVM ends, and so does a hook of the service.
 *
 * <p>Arguments: how it ends ({@code exit}, {@code term} or {@code main}), port, journal, {@code
 * shutdownHook}, milliseconds.
 */
public final class JvmEndChild {
  private static final int THREADS = 3;
  private static final int OF_THE_HOOK = 20;
  private static final Duration PAUSE = Duration.ofNanos(100_000);

  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);
  private static final AtomicLong NUMBERS = new AtomicLong();

  private JvmEndChild() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    var unused =
        Billing.start(
            BillingConfig.builder()
                .host("localhost")
                .port(Integer.parseInt(args[1]))
                .journalDirectory(Path.of(args[2]))
                .shutdownHook(Boolean.parseBoolean(args[3]))
                .build());
    Runtime.getRuntime().addShutdownHook(new Thread(JvmEndChild::lastReports));
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(JvmEndChild::reports);
      thread.setDaemon(true);
      thread.start();
    }
    say("READY");
    Pace.pause(Duration.ofMillis(Integer.parseInt(args[4])));
    switch (args[0]) {
      case "exit" -> System.exit(3);
      case "term" -> Pace.pause(Duration.ofMinutes(1));
      default -> say("MAIN ENDS");
    }
  }

  private static void reports() {
    while (true) {
      report();
      Pace.pause(PAUSE);
    }
  }

  private static void lastReports() {
    for (int i = 0; i < OF_THE_HOOK; i++) {
      report();
    }
  }

  private static void report() {
    long number = NUMBERS.incrementAndGet();
    if (Billing.client()
        .orElseThrow()
        .report(UsageEvent.of("sk", "llm", "m", (double) number))
        .accepted()) {
      say("ACC " + number);
    }
  }

  /** Given to the kernel before it returns. */
  private static synchronized void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
