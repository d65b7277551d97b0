package io.billingsdk.server.revenue;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.FloatScan;
import io.billingsdk.testbed.Proof;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A binary fraction in an amount or a quantity would be a wrong invoice some day. */
@Tag("simulation")
class NoFloatTest {
  @TempDir Path directory;

  /** Without meters, since a gauge of Micrometer is a double. No amount comes out of one. */
  private static List<String> findings(Path classes) throws Exception {
    return FloatScan.findings(classes).stream()
        .filter(each -> !each.matches(".*/\\w*Meters(\\$\\w+)?\\.class: .*"))
        .toList();
  }

  /** A bug. */
  static final class Planted {
    long tenth(long cents) {
      return (long) (cents * 0.1);
    }
  }

  @Test
  void classesOfTheModule_holdNoBinaryFraction() throws Exception {
    Path classes =
        Path.of(RevenueFeature.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> found = findings(classes);
    Proof.of("no-float")
        .with("module", "billing-server-revenue")
        .with("classes", FloatScan.classFiles(classes).size())
        .with("findings", found.size())
        .print();
    assertThat(found).isEmpty();
  }

  @Test
  void class_withAPlantedOne_isFound() throws Exception {
    String name = "NoFloatTest$Planted.class";
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
      Files.write(directory.resolve(name), in.readAllBytes());
    }
    assertThat(findings(directory)).isNotEmpty();
  }
}
