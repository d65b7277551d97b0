package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What still speaks to the driver by hand: the collector and the ledger's writers. */
class DriverStatementsTest {
  private static final String SOURCES = "src/main/java/io/billingsdk/server";
  private static final List<String> MODULES = List.of("platform", "metering", "revenue", "app");
  private static final List<String> BY_HAND = List.of("db", "ingest", "ledger");

  @Test
  void sources_statementsOfTheDriver_areFewAndEachHasItsReason() throws IOException {
    Map<String, Long> statements = new TreeMap<>();
    for (String module : MODULES) {
      Path sources = Path.of("..", module, SOURCES);
      try (Stream<Path> files = Files.walk(sources)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> statements.merge(packageOf(sources, file), count(file), Long::sum));
      }
    }
    statements.values().removeIf(count -> count == 0);
    long all = statements.values().stream().mapToLong(Long::longValue).sum();
    Proof proof = Proof.of("driver-statements");
    statements.forEach(proof::with);
    proof.with("all", all).print();

    assertThat(statements).isNotEmpty();
    assertThat(BY_HAND).containsAll(statements.keySet());
    assertThat(all).isLessThan(20);
  }

  private static String packageOf(Path sources, Path file) {
    return sources.relativize(file).getName(0).toString();
  }

  /** Each statement has its reason at most two lines above. */
  private static long count(Path file) {
    List<String> lines = lines(file);
    long found = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("prepareStatement")) {
        found++;
        assertThat(lines.subList(Math.max(0, i - 2), i))
            .as(file + ":" + (i + 1) + " needs a comment that begins with 'By hand:'")
            .anyMatch(line -> line.strip().startsWith("// By hand: "));
      }
    }
    return found;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
