package io.billingsdk.system;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.testbed.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Instances that cost as little as they can: what they send is made before the clock starts. They
 * keep no journal and repeat nothing: an event that is lost on the way ends the run.
 *
 * <p>Asked by lines: {@code v2 COUNT} answers {@code V2 NANOS} when receipts for all came, {@code
 * d2 COUNT} is the same of events with quantities and who used them, {@code v1 COUNT} answers
 * {@code V1} when the broker has all of them.
 */
public final class LoadChild {
  private static final int WINDOW_REPORTS = 1_000;
  private static final long PATIENCE_SECONDS = 120;
  private static final int SUBJECTS = 20_000;

  private static String key = "";
  private static String keyId = "";

  private LoadChild() {}

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    key = arguments.text("key");
    keyId = arguments.text("keyId");
    List<LoadProducer> producers = producers(arguments);
    producers.forEach(LoadProducer::start);
    Await.until(() -> producers.stream().allMatch(LoadProducer::isUp));
    System.out.println("UP");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int count = Integer.parseInt(line.substring(3));
      System.out.println(
          line.startsWith("v1")
              ? reports(producers.get(0), count)
              : "V2 " + batches(producers, count, line.startsWith("d2")));
    }
    Runtime.getRuntime().halt(0);
  }

  /** One for the instances of a server. */
  static Child of(WholeServer server, Operator.NamedKey key, List<String> instances) {
    return WholeServer.java(
        "load",
        LoadChild.class,
        "port=" + server.brokerPort(),
        "ca=" + server.authority(),
        "users=" + String.join(",", instances),
        "passwords=" + instances.stream().map(server::passwordOf).collect(Collectors.joining(",")),
        "keyId=" + key.id(),
        "key=" + key.text());
  }

  private static List<LoadProducer> producers(Arguments arguments) {
    List<LoadProducer> producers = new ArrayList<>();
    List<String> passwords = list(arguments, "passwords");
    for (String user : list(arguments, "users")) {
      producers.add(
          new LoadProducer(
              new BrokerAddress(
                  "localhost",
                  (int) arguments.number("port", 0),
                  Path.of(arguments.text("ca")),
                  user,
                  passwords.get(producers.size()))));
    }
    return producers;
  }

  private static List<String> list(Arguments arguments, String name) {
    return Pattern.compile(",").splitAsStream(arguments.text(name)).toList();
  }

  private static long batches(List<LoadProducer> producers, int count, boolean detailed)
      throws IOException {
    for (LoadProducer each : producers) {
      each.make(count / producers.size(), detailed);
    }
    long begun = System.nanoTime();
    CompletableFuture<?>[] sent =
        producers.stream()
            .map(each -> CompletableFuture.runAsync(each::send, LoadChild::inAThread))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(sent).join();
    return System.nanoTime() - begun;
  }

  private static void inAThread(Runnable work) {
    new Thread(work, "load").start();
  }

  private static String reports(LoadProducer producer, int count) throws IOException {
    UUID own = UUID.randomUUID();
    List<byte[]> messages = new ArrayList<>();
    for (int seq = 1; seq <= count; seq++) {
      V1Event report =
          new V1Event(null, key, "llm", "gpt-4", 1, System.currentTimeMillis(), usage().metadata());
      messages.add(V1Codec.message(V1Codec.encode(report).orElseThrow(), own, seq));
    }
    String topic = V1Topics.under("billing").report();
    Semaphore unanswered = new Semaphore(WINDOW_REPORTS);
    System.out.println("READY");
    for (byte[] message : messages) {
      take(unanswered, 1);
      var unused =
          producer
              .publish(topic, message)
              .whenComplete((done, failed) -> answered(unanswered, failed));
    }
    take(unanswered, WINDOW_REPORTS);
    return "V1";
  }

  /** An event as it stands in a batch. */
  static byte[] event() throws IOException {
    return V2Codec.encode(usage()).orElseThrow();
  }

  /** The same of one that says all that it may: a subject of many, a session of 20, a run of 4. */
  static byte[] detailedEvent(UUID stream, long seq) throws IOException {
    V2Event plain = usage();
    V2Event event =
        new V2Event(
            plain.key(),
            plain.module(),
            plain.model(),
            plain.usage(),
            plain.timestampMillis(),
            plain.metadata(),
            null,
            Map.of(
                "input_tokens", BigDecimal.valueOf(812),
                "output_tokens", BigDecimal.valueOf(214),
                "audio_seconds", new BigDecimal("1.25")),
            UsedBy.of(
                "user-" + ThreadLocalRandom.current().nextInt(SUBJECTS),
                named(stream, seq / 20),
                named(stream, seq / 4)));
    return V2Codec.encode(event).orElseThrow();
  }

  /** Without an order, as names are that are made at random. */
  private static String named(UUID stream, long number) {
    return new UUID(stream.getMostSignificantBits() ^ (number * 0x9E3779B97F4A7C15L), number)
        .toString();
  }

  private static V2Event usage() {
    return new V2Event(
        new KeyRef.KeyId(keyId),
        "llm",
        "gpt-4",
        1,
        System.currentTimeMillis(),
        Map.of("prompt_tokens", 100, "completion_tokens", 50),
        null);
  }

  private static void answered(Semaphore unanswered, Throwable failed) {
    if (failed != null) {
      lost(failed);
    }
    unanswered.release();
  }

  static void take(Semaphore permits, int count) {
    try {
      if (!permits.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        lost(new IllegalStateException("no answer"));
      }
    } catch (InterruptedException stopped) {
      lost(stopped);
    }
  }

  static void lost(Throwable why) {
    why.printStackTrace();
    Runtime.getRuntime().halt(1);
    throw new UncheckedIOException(new IOException(why));
  }
}
