package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.WireSpy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A class of the MQTT library is missing: the client says so, and logs it once. It stayed in
 * CONNECTING for ever without a word, since the error ended in a future that nobody looked at.
 */
@Tag("broker")
final class MissingClassTest {
  private static final int CLASSES = Integer.getInteger("link.missing.classes", 5);
  private static final long SEED = Long.getLong("link.missing.seed", System.nanoTime());
  private static final String NONE = "none";

  @TempDir Path directory = Path.of("");

  @Test
  void client_withoutAClassThatItNeeds_isNeverSilent() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory)) {
      broker.start();
      try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report")) {
        system.awaitSubscribed(Clients.PATIENCE);
        List<String> classes = new ArrayList<>(neededOf(broker));
        int all = classes.size();
        Collections.shuffle(classes, new Random(SEED));
        List<String> silent = new ArrayList<>();
        int kept = 0;
        int repeated = 0;
        for (String missing : classes.subList(0, Math.min(CLASSES, all))) {
          String said = run(broker, new WithholdingLoader(missing));
          System.out.println(missing + ": " + said);
          kept += said.startsWith("kept") ? 1 : 0;
          if (said.startsWith("kept silent")) {
            silent.add(missing + ": " + said);
          }
          repeated += said.matches(".* errors=[01]") ? 0 : 1;
        }
        Proof.sized("missing-class", CLASSES, all)
            .with("classes_of_the_library", all)
            .with("withheld", Math.min(CLASSES, all))
            .with("not_connected", kept)
            .with("silent", silent.size())
            .with("logged_more_than_once", repeated)
            .with("seed", SEED)
            .print();
        assertThat(silent).isEmpty();
        assertThat(repeated).isZero();
      }
    }
  }

  /** The classes of the MQTT library and what it brings that a client loads which delivers. */
  private static Set<String> neededOf(EmbeddedTestBroker broker) throws Exception {
    WithholdingLoader whole = new WithholdingLoader(NONE);
    assertThat(run(broker, whole)).isEqualTo("delivered silent errors=0");
    whole
        .loaded()
        .removeIf(name -> !name.matches("(com\\.hivemq\\.client|io\\.netty|io\\.reactivex)\\..*"));
    return whole.loaded();
  }

  @SuppressWarnings("unchecked")
  private static String run(EmbeddedTestBroker broker, WithholdingLoader loader) throws Exception {
    try (loader) {
      Function<String[], String> client =
          (Function<String[], String>)
              loader.loadClass(LonelyClient.class.getName()).getConstructor().newInstance();
      return client.apply(new String[] {String.valueOf(broker.port()), broker.caPem().toString()});
    }
  }
}
