package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.internal.journal.JournalInspector;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM that ends in order without {@code Billing.close}, while its broker is away: what it has
 * accepted is in its journal, to the last event.
 */
@Tag("crash")
@Timeout(900)
final class JvmEndTest {
  private static final int ENDS = Integer.getInteger("jvm.ends", 9);
  private static final int RELEASE_ENDS = 100;
  private static final int WITHOUT_HOOK = 3;
  private static final long SEED = Long.getLong("journal.seed", System.nanoTime());
  private static final Map<String, Integer> EXIT_CODES = Map.of("exit", 3, "term", 143, "main", 0);
  private static final List<String> WAYS = List.of("exit", "term", "main");

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private int port;

  /** What became of one life. */
  private record Life(int accepted, int missing) {}

  @Test
  void jvm_thatEndsWithoutClose_hasAllThatWasAcceptedInItsJournal() throws Exception {
    port = closedPort();
    long accepted = 0;
    long missing = 0;
    for (int end = 0; end < ENDS; end++) {
      Life life = live(WAYS.get(end % WAYS.size()), end, /* hook= */ true);
      accepted += life.accepted();
      missing += life.missing();
    }
    int missingWithoutHook = 0;
    for (int end = 0; end < WITHOUT_HOOK; end++) {
      missingWithoutHook += live(WAYS.get(end), ENDS + end, /* hook= */ false).missing();
    }

    Proof.sized("jvm-end", ENDS, RELEASE_ENDS)
        .with("ends", ENDS)
        .with("ways", String.join(",", WAYS))
        .with("accepted", accepted)
        .with("accepted_and_not_in_the_journal", missing)
        .with("the_same_of_" + WITHOUT_HOOK + "_ends_without_the_hook", missingWithoutHook)
        .with("seed", SEED)
        .print();
    assertThat(accepted).isGreaterThan(ENDS);
    assertThat(missing).as("seed %d", SEED).isZero();
  }

  private Life live(String way, int end, boolean hook) throws Exception {
    Path journal = directory.resolve("journal-" + end);
    Set<Long> accepted = new HashSet<>();
    try (ChildJvm child =
        ChildJvm.start(
            List.of(),
            JvmEndChild.class,
            way,
            Integer.toString(port),
            journal.toString(),
            Boolean.toString(hook),
            Integer.toString(random.nextInt(100)))) {
      assertThat(child.readUntil("READY", 1, line -> add(line, accepted))).isTrue();
      if (way.equals("term")) {
        assertThat(child.readUntil("ACC", 1 + random.nextInt(300), line -> add(line, accepted)))
            .isTrue();
        child.terminate();
      }
      child.readToEnd(line -> add(line, accepted));
      assertThat(child.exitCode()).as(way).isEqualTo(EXIT_CODES.get(way));
    }
    Set<Long> missing = new HashSet<>(accepted);
    missing.removeAll(journaled(journal));
    return new Life(accepted.size(), missing.size());
  }

  private static void add(String line, Set<Long> accepted) {
    if (line.startsWith("ACC ")) {
      accepted.add(Long.parseLong(line.substring("ACC ".length())));
    }
  }

  private static Set<Long> journaled(Path journal) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Set<Long> found = new HashSet<>();
    new JournalInspector(journal)
        .forEach(
            stored -> {
              try {
                found.add(json.readTree(stored.body()).path("usage").asLong());
              } catch (IOException malformed) {
                throw new UncheckedIOException(malformed);
              }
            });
    return found;
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
