package io.billingsdk.system;

import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.testbed.Pace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An attacker with the login of one instance, who knows the stream of another.
 *
 * <p>Asked by lines: {@code hostile STREAM} sends numbers and ranges that nobody gives, and answers
 * {@code SENT} with how many; {@code bomb N} fills a stream with gaps, N in each message, and
 * answers {@code BOMBED} with the p50 of its own events before and after, in nanoseconds, and how
 * many gaps were refused; {@code go} sends on into it until {@code stop}, which answers {@code
 * STOPPED} with how many.
 */
public final class StrangerChild {
  private static final int SINGLES = 60;
  private static final int MESSAGES = 8;
  private static final String MOST = "9223372036854775807";

  private final OneAtATime instance;
  private final UUID bombed = UUID.randomUUID();
  private long next = 1;
  private volatile boolean going;

  private StrangerChild(OneAtATime instance) {
    this.instance = instance;
  }

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    StrangerChild stranger = new StrangerChild(new OneAtATime(new Arguments(args)));
    System.out.println("UP");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Thread sender = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "hostile" -> System.out.println("SENT " + stranger.hostile(words[1]));
        case "bomb" -> System.out.println("BOMBED " + stranger.bomb(Integer.parseInt(words[1])));
        case "go" -> {
          stranger.going = true;
          sender = new Thread(stranger::goOn, "stranger");
          sender.start();
        }
        default -> {
          stranger.going = false;
          if (sender != null) {
            sender.join();
          }
          System.out.println("STOPPED " + stranger.next);
        }
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private String bomb(int gaps) throws IOException, InterruptedException {
    long before = instance.measure(bombed, null, next, SINGLES)[SINGLES / 2];
    next += SINGLES;
    long refused = 0;
    for (int i = 0; i < MESSAGES; i++) {
      Receipt receipt = instance.send(instance.batch(bombed, null, next + 1, 2, gaps));
      refused += receipt.rejected().size();
      next = receipt.committed().stream().mapToLong(each -> each.last() + 1).max().orElse(next);
    }
    long after = instance.measure(bombed, null, next, SINGLES)[SINGLES / 2];
    next += SINGLES;
    return before + " " + after + " " + refused;
  }

  /** In turn an event that goes on and one that is to open a gap. */
  private void goOn() {
    try {
      while (going) {
        var unused = instance.send(instance.batch(bombed, null, next, 1, 1));
        var unusedToo = instance.send(instance.batch(bombed, null, next + 2, 2, 100));
        next++;
        Pace.pause(Duration.ofMillis(5));
      }
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private int hostile(String victim) throws InterruptedException {
    List<Message> all = new ArrayList<>();
    batches(all, UUID.randomUUID().toString(), victim);
    reports(all, victim);
    hellos(all, victim);
    for (Message each : all) {
      try {
        instance.publish(each.topic(), each.bytes()).get(30, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException refused) {
        System.out.println("REFUSED " + refused);
      }
    }
    return all.size();
  }

  private record Message(String topic, String json) {
    static Message of(String topic, String json) {
      return new Message(topic, json);
    }

    byte[] bytes() {
      return json.getBytes(StandardCharsets.UTF_8);
    }
  }

  private void batches(List<Message> all, String own, String victim) {
    String topic = instance.topics().usage(instance.instance());
    List<String> numbers =
        List.of(
            MOST,
            "3",
            "9223372036854775806",
            "9007199254740993",
            "9007199254740992",
            "9007199254740991",
            "4611686018427387904",
            "1099511627780",
            "0",
            "-1",
            "9223372036854775808",
            "1e30");
    for (String seq : numbers) {
      all.add(Message.of(topic, batch(own, seq, "")));
    }
    for (String seq : List.of("1", "1000000", "9007199254740992")) {
      all.add(Message.of(topic, batch(victim, seq, "")));
    }
    String wrong = ",\"stream_secret\":\"" + "ab".repeat(32) + "\"";
    all.add(Message.of(topic, batch(victim, "77", wrong)));
  }

  private void reports(List<Message> all, String victim) {
    String topic = V1Topics.under("billing").report();
    String own = UUID.randomUUID().toString();
    List<String> streams = List.of(own, own, own, UUID.randomUUID().toString(), victim, victim);
    List<String> numbers =
        List.of(MOST, "2", "9007199254740993", "9223372036854775806", "4611686018427387904", "78");
    for (int i = 0; i < streams.size(); i++) {
      all.add(
          Message.of(
              topic,
              event("\"stream\":\"" + streams.get(i) + "\",\"seq\":" + numbers.get(i) + ",")));
    }
  }

  private void hellos(List<Message> all, String victim) {
    String topic = instance.topics().hello(instance.instance());
    String own = UUID.randomUUID().toString();
    all.add(Message.of(topic, hello(own, Map.of("last_seq", MOST))));
    all.add(Message.of(topic, hello(own, Map.of("last_seq", "9223372036854775808"))));
    all.add(Message.of(topic, hello(own, Map.of("last_seq", "1e300"))));
    all.add(Message.of(topic, hello(own, Map.of("last_seq", "-5"))));
    all.add(Message.of(topic, hello(own, Map.of("last_seq", "9007199254740992"))));
    all.add(Message.of(topic, hello(own, Map.of("keys_version", MOST))));
    all.add(Message.of(topic, hello(own, Map.of("sent_at", "-9223372036854775808"))));
    all.add(Message.of(topic, hello(own, Map.of("loss", "{\"accepted\":" + MOST + "}"))));
    all.add(Message.of(topic, hello(own, Map.of("journal", "{\"bytes\":" + MOST + "}"))));
    all.add(Message.of(topic, hello(own, dropped(own, "[1," + MOST + "]"))));
    all.add(Message.of(topic, hello(own, dropped(own, "[5,3]"))));
    all.add(Message.of(topic, hello(own, dropped(own, "[1," + BigInteger.TEN.pow(30) + "]"))));
    all.add(Message.of(topic, hello(own, dropped(own, "[9007199254740991,9007199254740992]"))));
    all.add(Message.of(topic, hello(own, dropped(victim, "[1,1000000]"))));
    all.add(Message.of(topic, hello(victim, Map.of("last_seq", "1000000"))));
    all.add(Message.of(topic, hello(victim, Map.of("last_seq", "0"))));
    all.add(Message.of(topic, hello(victim, dropped(victim, "[1,9007199254740992]"))));
    all.add(Message.of(topic, hello("00000000-0000-0000-0000-000000000001", Map.of())));
  }

  private static Map<String, String> dropped(String stream, String range) {
    return Map.of("dropped", "[{\"stream\":\"" + stream + "\",\"ranges\":[" + range + "]}]");
  }

  private static String hello(String stream, Map<String, String> instead) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("protocol", "2");
    fields.put("version", "\"stranger\"");
    fields.put("stream", "\"" + stream + "\"");
    fields.put("last_seq", "0");
    fields.put("sent_at", Long.toString(System.currentTimeMillis()));
    fields.putAll(instead);
    List<String> written = new ArrayList<>();
    fields.forEach((name, value) -> written.add("\"" + name + "\":" + value));
    return "{" + String.join(",", written) + "}";
  }

  private static String batch(String stream, String seq, String more) {
    return "{\"stream\":\""
        + stream
        + "\""
        + more
        + ",\"sent_at\":1,\"events\":["
        + event("\"seq\":" + seq + ",")
        + "]}";
  }

  private static String event(String head) {
    return "{"
        + head
        + "\"timestamp\":"
        + System.currentTimeMillis()
        + ",\"api_key\":\"sk-stranger\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1}";
  }
}
