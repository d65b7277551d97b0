package io.billingsdk.system;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Await;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A service that reports numbered events through the public API and says of each what it was told;
 * {@link History} has the lines. It is there to be killed.
 *
 * <p>Arguments are {@code key=value}: {@code host}, {@code port}, {@code ca}, {@code user}, {@code
 * password}, {@code journal}, {@code client}, {@code key}; {@code first} id, {@code count}, {@code
 * rate} a second; every {@code durableEvery}th event by {@code reportDurably}; with {@code retain}
 * it retains what was delivered for so many minutes. On {@code FINISH} from standard input it
 * reports no more, waits until its journal is empty, says {@code DRAINED} and ends.
 */
public final class ServiceChild {
  private final Arguments arguments;
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private volatile boolean finishing;

  private ServiceChild(Arguments arguments) {
    this.arguments = arguments;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    new ServiceChild(new Arguments(args)).run();
  }

  private void run() throws Exception {
    BillingClient client = BillingClient.create(config());
    client.start();
    say("STARTED");
    Thread control = new Thread(this::listen, "control");
    control.setDaemon(true);
    control.start();
    report(client);
    say("WRITTEN");
    Await.until(Duration.ofHours(1), () -> finishing);
    drain(client);
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
        .retainDelivered(Duration.ofMinutes(arguments.number("retain", 0)), 128 << 20)
        .build();
  }

  private void report(BillingClient client) throws InterruptedException {
    long first = arguments.number("first", 1);
    long count = arguments.number("count", Long.MAX_VALUE - first);
    long durableEvery = arguments.number("durableEvery", 4);
    long nanosEach = TimeUnit.SECONDS.toNanos(1) / arguments.number("rate", 500);
    long begun = System.nanoTime();
    for (long i = 0; i < count && !finishing; i++) {
      Pace.until(begun + i * nanosEach);
      report(client, first + i, i % durableEvery == 0);
    }
  }

  private void report(BillingClient client, long id, boolean durably) throws InterruptedException {
    UsageEvent event =
        UsageEvent.of(arguments.text("key"), "llm", "gpt-4", Usage.of(id).doubleValue())
            .withMetadata(Map.of("id", id));
    say("ATT " + id + " .");
    if (durably) {
      CompletableFuture<Accepted> durable = client.reportDurably(event);
      var unused =
          durable.whenComplete(
              (accepted, failed) -> say(failed == null ? "DUR " + id + " ." : rejected(id)));
      return;
    }
    ReportOutcome outcome = client.report(event);
    if (outcome instanceof ReportOutcome.Rejected rejected) {
      say("REJ " + id + " " + rejected.reason() + " .");
      Pace.pause(Duration.ofMillis(50)); // the rate of the load while events are refused
    } else {
      say("ACC " + id + " .");
    }
  }

  /** What failed to be durable may still be accepted: it is neither owed nor forbidden. */
  private static String rejected(long id) {
    return "NOTDURABLE " + id;
  }

  private void drain(BillingClient client) throws InterruptedException {
    ClientStatus.Delivery delivery;
    do {
      // First: it knows of what comes back and is not pending yet.
      client.flush(Duration.ofSeconds(1));
      delivery = client.status().delivery();
    } while (delivery.pending() > 0);
    client.close();
    say(
        "DRAINED accepted="
            + delivery.accepted()
            + " delivered="
            + delivery.delivered()
            + " dead="
            + delivery.deadLettered());
  }

  private void listen() {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        finishing |= line.equals("FINISH");
      }
    } catch (IOException ended) {
      // The parent has gone: below.
    }
    if (!finishing) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** Given to the kernel before it returns: what was said survives a kill. */
  private void say(String line) {
    try {
      synchronized (out) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
