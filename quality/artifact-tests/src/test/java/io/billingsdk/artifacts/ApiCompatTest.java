package io.billingsdk.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public API of each published module is compatible with its baseline. Until the first release
 * a change may break it: {@code -Dapi.baseline=write} then writes the baseline again, and the
 * commit shows that somebody decided it.
 */
final class ApiCompatTest {
  private static final Path CHECKOUT = Path.of("../..");
  private static final Path BASELINE = Path.of("src/test/resources/api-baseline");
  private static final boolean WRITE = "write".equals(System.getProperty("api.baseline"));

  @TempDir Path directory = Path.of("");

  @Test
  void api_ofEachModule_isCompatibleWithItsBaseline() throws IOException {
    List<String> incompatible = new ArrayList<>();
    int modules = 0;
    int types = 0;
    int changed = 0;
    for (Path module : Published.modules(CHECKOUT).values()) {
      Path classes = module.resolve("target/classes");
      // The BOM and the parent have no classes, the shaded core has those of core.
      if (!Files.exists(module.resolve("src/main/java"))) {
        continue;
      }
      String name = Pom.read(module.resolve("pom.xml")).artifact();
      Path baseline = BASELINE.resolve(name + ".jar");
      Path now = directory.resolve(name + ".jar");
      assertThat(ApiJar.write(classes, now)).as(name).isPositive();
      if (WRITE) {
        Files.createDirectories(BASELINE);
        Files.write(baseline, Files.readAllBytes(now));
      }
      ApiChanges changes = ApiChanges.between(baseline, now);
      modules++;
      types += changes.types();
      changed += changes.changed().size();
      if (!changes.incompatible().isEmpty()) {
        incompatible.addAll(changes.incompatible());
        System.out.println("the API of " + name + " has changed:\n" + changes.diff());
      }
    }
    Proof.of("api-compat")
        .with("modules", modules)
        .with("types", types)
        .with("changed", changed)
        .with("incompatible", incompatible.size())
        .print();
    assertThat(modules).isEqualTo(6);
    assertThat(incompatible)
        .as("incompatible changes, listed above; before the first release: -Dapi.baseline=write")
        .isEmpty();
  }
}
