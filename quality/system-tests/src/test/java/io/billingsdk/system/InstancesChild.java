package io.billingsdk.system;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.BillingListener;
import io.billingsdk.KeyDecision;
import io.billingsdk.testbed.Await;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Many instances of the SDK in one process: whole clients, each with its own connection over TLS,
 * threads, key feed and key table. Light is only their journal, which is in memory unless {@code
 * journal} is given.
 *
 * <p>Arguments are {@code key=value}: as {@link ServiceChild}'s, {@code instances}, {@code marker},
 * {@code staleness} in seconds. It says {@code READY} when all let the key in, {@code REFUSED
 * instance millis} when an instance is told of a change and {@code check} refuses the key, {@code
 * ALLOWED instance millis} when it lets the key in after that, {@code MARKED instance}; on {@code
 * CHECK} it asks every instance and says {@code CHECKED} with how often which answer came.
 */
public final class InstancesChild {
  private final Arguments arguments;
  private final String key;
  private final List<BillingClient> clients = new ArrayList<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  private InstancesChild(Arguments arguments) {
    this.arguments = arguments;
    this.key = arguments.text("key");
  }

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    new InstancesChild(new Arguments(args)).run();
  }

  private void run() throws Exception {
    for (int i = 0; i < arguments.number("instances", 1); i++) {
      clients.add(start(arguments.text("client") + "-" + i));
    }
    if (arguments.number("awaitReady", 1) == 1) {
      for (BillingClient client : clients) {
        Await.until(() -> client.check(key) instanceof KeyDecision.Allowed);
      }
    }
    say("READY");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("CHECK")) {
        say("CHECKED " + answers());
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private BillingClient start(String name) {
    BillingConfigBuilder config =
        BillingConfig.builder()
            .host(arguments.text("host"))
            .port((int) arguments.number("port", 0))
            .caCertificates(Path.of(arguments.text("ca")))
            .credentials(arguments.text("user"), arguments.text("password"))
            .clientId(name)
            .connectTimeout(Duration.ofSeconds(60))
            .maxKeyStaleness(Duration.ofSeconds(arguments.number("staleness", 300)));
    String journal = arguments.text("journal", "");
    config =
        journal.isEmpty()
            ? config.journalInMemory(64 << 10)
            : config.journalDirectory(Path.of(journal));
    BillingClient client = BillingClient.create(config.build());
    client.addListener(
        new BillingListener() {
          @Override
          public void keyChanged(KeyChange change) {
            tell(client, name);
          }
        });
    client.start();
    return client;
  }

  private void tell(BillingClient client, String name) {
    if (client.check(arguments.text("marker", "none")) instanceof KeyDecision.Denied) {
      say("MARKED " + name);
    }
    if (client.check(key) instanceof KeyDecision.Denied) {
      refused.add(name);
      say("REFUSED " + name + " " + System.currentTimeMillis());
    } else if (refused.remove(name)) {
      say("ALLOWED " + name + " " + System.currentTimeMillis());
    }
  }

  private String answers() {
    long allowed = 0;
    long blocked = 0;
    long unavailable = 0;
    for (BillingClient client : clients) {
      KeyDecision decision = client.check(key);
      if (decision instanceof KeyDecision.Denied denied) {
        switch (denied.reason()) {
          case BLOCKED -> blocked++;
          case UNAVAILABLE -> unavailable++;
          default -> {}
        }
      } else {
        allowed++;
      }
    }
    return "allowed=" + allowed + " blocked=" + blocked + " unavailable=" + unavailable;
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
