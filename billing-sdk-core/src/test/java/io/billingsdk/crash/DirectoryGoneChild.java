package io.billingsdk.crash;

import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.Pace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service that reports while its broker is away and its journal's directory goes. What it says:
 *
 * <pre>
 * READY
 * ACC stream/seq     the event is durable
 * PLAIN stream/seq   the event is accepted, and nobody waited for the disk
 * REFUSED n          so many were rejected, or failed to become durable, so far
 * TROUBLE text       the journal's trouble has changed; - for none
 * PROBLEM text       the last problem has changed
 * QUIET              it reports no more, and all that was accepted has had time to be written
 * </pre>
 *
 * <p>Its log is among these lines. It goes quiet when a line comes in, and stays.
 *
 * <p>Arguments: journal, {@code recreateJournal}.
 */
public final class DirectoryGoneChild {
  private static final int THREADS = 3;
  private static final Duration PAUSE = Duration.ofMillis(2);

  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);
  private static final AtomicLong REFUSED = new AtomicLong();
  private static final AtomicBoolean QUIET = new AtomicBoolean();

  private DirectoryGoneChild() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    System.setErr(new PrintStream(OUT, /* autoFlush= */ true, StandardCharsets.UTF_8));
    System.setOut(System.err);
    DefaultBillingClient client =
        DefaultBillingClient.create(
            BillingConfig.builder()
                .host("localhost")
                .port(1)
                .journalDirectory(Path.of(args[0]))
                .journalMinFreeBytes(0)
                .recreateJournal(Boolean.parseBoolean(args[1]))
                .build());
    client.start();
    for (int i = 0; i < THREADS; i++) {
      boolean durably = i > 0;
      daemon(() -> reports(client, durably));
    }
    daemon(() -> watches(client));
    say("READY");
    while (System.in.read() != '\n') {
      // Until a line comes.
    }
    QUIET.set(true);
    // Nothing shows from outside that the last plain events are written, so time has to pass.
    Pace.pause(Duration.ofMillis(2_500));
    say("QUIET");
    // Until it is killed.
    Pace.pause(Duration.ofMinutes(2));
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private static void reports(DefaultBillingClient client, boolean durably) {
    while (!QUIET.get()) {
      UsageEvent event = UsageEvent.of("sk", "llm", "m", 1);
      ReportOutcome outcome = durably ? durable(client, event) : client.report(event);
      if (outcome instanceof ReportOutcome.Accepted accepted) {
        say((durably ? "ACC " : "PLAIN ") + accepted.stream() + "/" + accepted.seq());
        Pace.pause(PAUSE); // the rate of the load
      } else {
        say("REFUSED " + REFUSED.incrementAndGet());
        Pace.pause(PAUSE.multipliedBy(10));
      }
    }
  }

  private static ReportOutcome durable(DefaultBillingClient client, UsageEvent event) {
    try {
      return client.reportDurably(event).get();
    } catch (ExecutionException failed) {
      return ReportOutcome.Rejected.of(
          io.billingsdk.RejectionReason.STORAGE_UNAVAILABLE, "", String.valueOf(failed));
    } catch (InterruptedException stopping) {
      throw new AssertionError(stopping);
    }
  }

  private static void watches(DefaultBillingClient client) {
    String trouble = "-";
    String problem = "-";
    while (true) {
      ClientStatus status = client.status();
      String now = String.valueOf(status.journal().trouble()).replace("null", "-");
      ClientStatus.Problem last = status.lastProblem();
      String what = last == null ? "-" : last.message();
      if (!now.equals(trouble)) {
        say("TROUBLE " + now);
      }
      if (!what.equals(problem)) {
        say("PROBLEM " + what);
      }
      trouble = now;
      problem = what;
      Pace.pause(PAUSE); // the rate of the looks: each change is a line
    }
  }

  /** Given to the kernel before it returns. */
  private static synchronized void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
