package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.FloatScan;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Statistics may be binary fractions; no money, no quantity and no other value that leaves the
 * module may.
 */
final class NoFloatTest {
  @TempDir Path chosen;

  @Test
  void publicTypesAndEffects_holdNoBinaryFraction() throws Exception {
    Path classes =
        Path.of(Forecaster.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(classes)) {
      all.filter(file -> isExact(classes.relativize(file).toString())).forEach(files::add);
    }
    for (Path file : files) {
      Files.copy(file, chosen.resolve(file.getFileName()));
    }
    List<String> findings = FloatScan.findings(chosen);
    Proof.of("no-float")
        .with("module", "billing-forecast")
        .with("classes", files.size())
        .with("findings", findings.size())
        .print();
    assertThat(findings).isEmpty();
    assertThat(files).hasSizeGreaterThan(20);
  }

  @Test
  void statistics_areFound() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Stats.class.getResourceAsStream("Stats.class"), "Stats.class")) {
      Files.write(chosen.resolve("Stats.class"), in.readAllBytes());
    }
    assertThat(FloatScan.findings(chosen)).isNotEmpty();
  }

  /** Public types, the types inside of them, and what makes amounts. */
  private static boolean isExact(String file) {
    if (!file.endsWith(".class") || file.endsWith("-info.class")) {
      return false;
    }
    String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
    try {
      Class<?> type = Class.forName(name);
      Class<?> outer = type;
      while (outer.getEnclosingClass() != null) {
        outer = outer.getEnclosingClass();
      }
      return Modifier.isPublic(outer.getModifiers())
          || outer == Effects.class
          || outer == Check.class;
    } catch (ClassNotFoundException e) {
      throw new UncheckedIOException(new IOException(name, e));
    }
  }
}
