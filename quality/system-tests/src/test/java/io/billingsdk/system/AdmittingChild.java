package io.billingsdk.system;

import io.billingsdk.Admission;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Pace;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service with many clients that all use one key: each call is admitted by the quotas of the key,
 * and settled with one event. Of each it says {@code ATT id} once it is admitted and {@code ACC id}
 * once its event is accepted. It is there to be killed.
 *
 * <p>Arguments are those of {@link ServiceChild}, and {@code callers}. On {@code RATE n} from
 * standard input all clients together try {@code n} calls a second; on {@code FINISH} they stop,
 * the journal is emptied, and it says {@code DRAINED}.
 */
public final class AdmittingChild {
  private final Arguments arguments;
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final AtomicLong next;
  private final int callers;
  private volatile long rate;
  private volatile boolean finishing;

  private AdmittingChild(Arguments arguments) {
    this.arguments = arguments;
    this.callers = (int) arguments.number("callers", 1);
    this.rate = arguments.number("rate", 100);
    this.next = new AtomicLong(arguments.number("first", 1));
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    new AdmittingChild(new Arguments(args)).run();
  }

  private void run() throws Exception {
    BillingClient client = BillingClient.create(config());
    client.start();
    say("STARTED");
    Thread control = new Thread(this::listen, "control");
    control.setDaemon(true);
    control.start();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      Thread caller = new Thread(() -> call(client), "caller-" + i);
      threads.add(caller);
      caller.start();
    }
    for (Thread each : threads) {
      each.join();
    }
    do {
      client.flush(Duration.ofSeconds(1));
    } while (client.status().delivery().pending() > 0);
    client.close();
    say("DRAINED");
  }

  private BillingConfig config() {
    return BillingConfig.builder()
        .host(arguments.text("host"))
        .port((int) arguments.number("port", 0))
        .caCertificates(Path.of(arguments.text("ca")))
        .credentials(arguments.text("user"), arguments.text("password"))
        .clientId(arguments.text("client"))
        .journalDirectory(Path.of(arguments.text("journal")))
        .keepAlive(Duration.ofSeconds(2))
        .build();
  }

  private void call(BillingClient client) {
    String key = arguments.text("key");
    while (!finishing) {
      long usualMillis = 1_000L * callers / rate;
      Pace.pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(2 * usualMillis + 1)));
      if (!finishing && client.admit(key) instanceof Admission.Admitted admitted) {
        use(key, admitted);
      }
    }
  }

  private void use(String key, Admission.Admitted admitted) {
    try (admitted) {
      long id = next.getAndIncrement();
      say("ATT " + id + " .");
      UsageEvent event = UsageEvent.of(key, "llm", "gpt-4", 1).withMetadata(Map.of("id", id));
      if (admitted.settle(event) instanceof ReportOutcome.Rejected rejected) {
        say("REJ " + id + " " + rejected.reason() + " .");
      } else {
        say("ACC " + id + " .");
      }
    }
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("RATE ")) {
          rate = Long.parseLong(line.substring(5));
        } else if (line.equals("FINISH")) {
          finishing = true;
        }
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** One write for a line, so that none of two threads is torn. */
  private void say(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
