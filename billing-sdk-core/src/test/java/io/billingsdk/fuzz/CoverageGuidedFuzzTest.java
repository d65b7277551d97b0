package io.billingsdk.fuzz;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Looks for inputs that no fuzz test has met yet, a while on each commit; what was found once is
 * replayed by the fuzz tests themselves.
 *
 * <p>Sizes: {@code -Dfuzz.segment.seconds=600} for the reader of segments, {@code
 * -Dfuzz.seconds=120} for each of the others; {@code -Dfuzz.only=keyFeed} runs those whose method
 * begins so.
 */
@Tag("fuzz")
final class CoverageGuidedFuzzTest {
  private static final long SEGMENT_SECONDS = Long.getLong("fuzz.segment.seconds", 10);
  private static final long SECONDS = Long.getLong("fuzz.seconds", 2);
  private static final String ONLY = System.getProperty("fuzz.only", "");
  private static final String JOURNAL = "io.billingsdk.internal.journal.";
  private static final String WIRE = "io.billingsdk.fuzz.WireFuzzTest";

  private static List<FuzzRun> runs() {
    List<FuzzRun> runs = new ArrayList<>();
    String segment = JOURNAL + "SegmentReaderFuzzTest";
    runs.add(
        new FuzzRun(
            "journal-fuzz",
            segment,
            "reading_anyBytes_leavesNothingOut",
            SEGMENT_SECONDS,
            80_000,
            600));
    runs.add(
        journal("JournalOpeningFuzzTest", "opening_anyBytesAsSegment_handsOutWhatIsValid", 8_000));
    runs.add(
        journal("AckFileFuzzTest", "reading_anyBytes_settlesWhatIsValidAndNothingElse", 20_000));
    for (String message :
        List.of("usageBatch", "receipt", "keyFeed", "presence", "hello", "v1Report")) {
      runs.add(wire(message + "_anyBytes_isReadOrRefused"));
    }
    runs.add(wire("v1Keys_anyBytes_areReadOrRefused"));
    return runs.stream().filter(run -> run.method().startsWith(ONLY)).toList();
  }

  private static FuzzRun journal(String test, String method, int maxBytes) {
    return new FuzzRun("journal-fuzz", JOURNAL + test, method, SECONDS, maxBytes, 400);
  }

  private static FuzzRun wire(String method) {
    return new FuzzRun("wire-fuzz", WIRE, method, SECONDS, 4_000, 400);
  }

  @Test
  void fuzzing_eachReaderOfForeignBytes_findsNothing() throws Exception {
    Path target = Files.createDirectories(Path.of("target", "fuzz"));
    Path directory = Files.createTempDirectory(target.toAbsolutePath(), "run");
    // Two at once: each is one thread of work.
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<Boolean>> ended = new ArrayList<>();
      for (FuzzRun run : runs()) {
        Path own = Files.createDirectories(directory.resolve(run.method()));
        ended.add(two.submit(() -> run.run(own)));
      }
      boolean ran = true;
      for (Future<Boolean> each : ended) {
        ran &= each.get();
      }
      assumeTrue(ran, "Jazzer's native part does not run on this machine");
    } finally {
      two.shutdownNow();
    }
  }
}
