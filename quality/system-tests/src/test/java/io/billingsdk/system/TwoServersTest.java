package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.MosquittoTestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two billing servers on one database and one broker, of which one is killed and comes back. */
final class TwoServersTest {
  private static final String PROOF = "two-servers";
  private static final int PART = 500;

  /** Of the broker's log: a batch that it gave to a collector. */
  private static final Pattern GIVEN =
      Pattern.compile("Sending PUBLISH to (collector-[0-9a-f]{8})-v2b? .*/usage'");

  @TempDir Path directory;

  @BeforeAll
  static void require() {
    World.require(PROOF);
  }

  @Test
  void kill9_ofOneOfTwo_losesAndDoublesNothing() throws Exception {
    MosquittoTestBroker broker = MosquittoTestBroker.in(directory.resolve("broker"));
    try (World world = World.withServer(directory, broker, Size.RATE);
        Servers second = world.otherServer(directory.resolve("server-2"), "second")) {
      second.restart();
      second.awaitServing();
      // Both are given batches, each its own ones.
      Awaitility.await()
          .atMost(Child.PATIENCE)
          .until(() -> given(broker).size() == 2 && least(broker) > 3);

      int before = world.history().attemptedCount();
      second.kill9();
      world.awaitAttempted(before + PART);
      Map<String, Long> atTheKill = given(broker);
      second.restart();
      second.awaitServing();
      world.awaitAttempted(before + 2 * PART);
      Verdict verdict = world.verdict();

      verdict
          .to(Size.proof(PROOF).with("servers", given(broker).size()))
          .with("batches_of_each", atTheKill.values())
          .with("journal_left", world.services().left())
          .print();
      assertThat(verdict.holds()).as(verdict.toString()).isTrue();
      assertThat(world.services().left()).isZero();
    }
  }

  private static long least(MosquittoTestBroker broker) {
    return given(broker).values().stream().mapToLong(Long::longValue).min().orElse(0);
  }

  private static Map<String, Long> given(MosquittoTestBroker broker) {
    Map<String, Long> given = new TreeMap<>();
    try (Stream<String> lines = Files.lines(broker.log())) {
      for (String line : (Iterable<String>) lines::iterator) {
        Matcher match = GIVEN.matcher(line);
        if (match.find()) {
          given.merge(match.group(1), 1L, Long::sum);
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return given;
  }
}
