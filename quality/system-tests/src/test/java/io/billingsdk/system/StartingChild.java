package io.billingsdk.system;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.KeyDecision;
import io.billingsdk.Protocol;
import io.billingsdk.testbed.Await;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Services that start one after the other, each as another instance. Asked by lines: {@code START}
 * starts a client and answers {@code STARTED MILLIS} when its first call is let in, {@code WATCH
 * KEY} answers {@code WATCHING} and then {@code REFUSED MILLIS-SINCE-1970} once the key is refused.
 */
public final class StartingChild {
  private final Arguments arguments;
  private final List<String> instances;
  private final List<String> passwords;
  private BillingClient client;
  private int next;

  private StartingChild(Arguments arguments) {
    this.arguments = arguments;
    this.instances = list(arguments.text("instances"));
    this.passwords = list(arguments.text("passwords"));
    this.client = create();
  }

  private static List<String> list(String text) {
    return Pattern.compile(",").splitAsStream(text).toList();
  }

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    StartingChild child = new StartingChild(new Arguments(args));
    System.out.println("UP");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("START")) {
        System.out.println("STARTED " + child.start());
      } else {
        child.watch(line.substring("WATCH ".length()));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private long start() {
    client.close(Duration.ZERO);
    client = create();
    long begun = System.nanoTime();
    client.start();
    Await.until(() -> client.check(arguments.text("key")) instanceof KeyDecision.Allowed);
    return (System.nanoTime() - begun) / 1_000_000;
  }

  private void watch(String key) {
    Await.until(() -> client.check(key) instanceof KeyDecision.Allowed);
    System.out.println("WATCHING");
    Await.until(Duration.ofMinutes(10), () -> !(client.check(key) instanceof KeyDecision.Allowed));
    System.out.println("REFUSED " + System.currentTimeMillis());
  }

  /** Of the next instance. */
  private BillingClient create() {
    int number = next++ % instances.size();
    return BillingClient.create(
        BillingConfig.builder()
            .host("localhost")
            .port((int) arguments.number("port", 0))
            .caCertificates(Path.of(arguments.text("ca")))
            .credentials(instances.get(number), passwords.get(number))
            .protocol(Protocol.V2)
            .journalInMemory(64 << 10)
            .build());
  }
}
