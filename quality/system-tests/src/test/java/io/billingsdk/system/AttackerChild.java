package io.billingsdk.system;

import io.billingsdk.protocol.Gzip;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Somebody with one login of a server's broker who sends all that it takes: {@code user}, {@code
 * password}, {@code port}, {@code ca}, {@code kind} ({@link AttackKind}) and {@code connections}.
 * Says {@code AT IT} when the first messages are on their way; on {@code COUNT} it says {@code
 * COUNT} with the events of batches that have a PUBACK, and with the messages that it sent.
 */
public final class AttackerChild {
  /** What the broker lets it have without an answer. */
  private static final int WINDOW = 200;

  private static final int EVENTS = 5_000;
  private static final int LARGE_BYTES = 200_000;
  private static final int NOT_A_BATCH = 250_000;

  private final Arguments arguments;
  private final AttackKind kind;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();

  /** What it sends. */
  enum AttackKind {
    /** Good events of no key, thousands to a message. */
    GZIP,
    /** What expands to much, and is no batch in the end. */
    MALFORMED,
    /** Events that are refused, thousands to a message. */
    REJECTED,
    /** Large messages that are no batch. */
    LARGE,
    /** Reports of QoS 0 on many connections. */
    MANY
  }

  private AttackerChild(Arguments arguments) {
    this.arguments = arguments;
    this.kind = AttackKind.valueOf(arguments.text("kind"));
  }

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws IOException {
    AttackerChild attacker = new AttackerChild(new Arguments(args));
    for (int i = 0; i < attacker.arguments.number("connections", 1); i++) {
      int number = i;
      Thread thread = new Thread(() -> attacker.attackForEver(number), "attack-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(
          "COUNT events=" + attacker.acknowledged.get() * EVENTS + " sent=" + attacker.sent.get());
    }
    Runtime.getRuntime().halt(0);
  }

  private void attackForEver(int number) {
    while (true) {
      try (RawMqtt connection = connect(number)) {
        attack(connection);
      } catch (IOException | InterruptedException cut) {
        // It was thrown out: it comes again.
        pause();
      }
    }
  }

  private static void pause() {
    Pace.pause(Duration.ofMillis(50));
  }

  private RawMqtt connect(int number) throws IOException {
    String user = arguments.text("user");
    String id = arguments.number("connections", 1) > 1 ? user + "/" + number : user;
    return RawMqtt.tls(
        (int) arguments.number("port", 0),
        Path.of(arguments.text("ca")),
        new Login(id, user, arguments.text("password"), 5, 60));
  }

  private void attack(RawMqtt connection) throws IOException, InterruptedException {
    Semaphore window = new Semaphore(WINDOW);
    Thread answers = new Thread(() -> answers(connection, window), "answers");
    answers.setDaemon(true);
    answers.start();
    UUID stream = UUID.randomUUID();
    List<byte[]> payloads = payloads(stream);
    int qos = kind == AttackKind.MANY ? 0 : 1;
    for (int i = 0; answers.isAlive(); i++) {
      if (qos == 1 && !window.tryAcquire(1, TimeUnit.SECONDS)) {
        continue;
      }
      byte[] payload = i < payloads.size() ? payloads.get(i) : payload(stream, i);
      boolean gzip = kind != AttackKind.LARGE && kind != AttackKind.MANY;
      connection.send(
          connection.publish(
              topic(),
              payload,
              qos,
              i % 60_000 + 1,
              /* duplicate= */ false,
              gzip ? Gzip.PROPERTY : "",
              gzip ? Gzip.VALUE : ""));
      if (sent.incrementAndGet() == 20) {
        System.out.println("AT IT");
      }
    }
  }

  private String topic() {
    return kind == AttackKind.MANY
        ? "billing/report"
        : "billing/v2/" + arguments.text("user") + "/usage";
  }

  private void answers(RawMqtt connection, Semaphore window) {
    try {
      while (true) {
        RawMqtt.Packet answer = connection.read();
        if (answer.type() == RawMqtt.PUBACK) {
          acknowledged.addAndGet(answer.reason() == 0 ? 1 : 0);
          window.release();
        }
      }
    } catch (IOException cut) {
      // Seen by the one that sends.
      window.release(WINDOW);
    }
  }

  /** Some are made before, so that the first ones come at once. */
  private List<byte[]> payloads(UUID stream) {
    List<byte[]> made = new ArrayList<>();
    for (int i = 0; i < arguments.number("ready", 20); i++) {
      made.add(payload(stream, i));
    }
    return made;
  }

  private byte[] payload(UUID stream, int number) {
    return switch (kind) {
      case GZIP -> Gzip.compress(batch(stream, number, /* good= */ true));
      case REJECTED -> Gzip.compress(batch(stream, number, /* good= */ false));
      case MALFORMED -> Gzip.compress(notABatch(stream));
      case LARGE -> "x".repeat(LARGE_BYTES).getBytes(StandardCharsets.UTF_8);
      case MANY -> "y".repeat(LARGE_BYTES / 4).getBytes(StandardCharsets.UTF_8);
    };
  }

  private static byte[] batch(UUID stream, int number, boolean good) {
    StringBuilder text = new StringBuilder("{\"stream\":\"" + stream + "\",\"events\":[");
    long now = System.currentTimeMillis();
    int events = good ? EVENTS / 2 : EVENTS;
    for (int i = 0; i < events; i++) {
      text.append(i == 0 ? "" : ",").append("{\"seq\":").append((long) number * events + i + 1);
      if (good) {
        text.append(",\"ts\":").append(now);
        text.append(",\"key_id\":\"k_x\",\"module\":\"m\",\"model\":\"m\",\"usage\":1");
      }
      text.append('}');
    }
    return text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** It ends where another event should be. */
  private static byte[] notABatch(UUID stream) {
    StringBuilder text = new StringBuilder("{\"stream\":\"" + stream + "\",\"events\":[{}");
    while (text.length() < NOT_A_BATCH) {
      text.append(",{\"a\":[1,2,3]}");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
