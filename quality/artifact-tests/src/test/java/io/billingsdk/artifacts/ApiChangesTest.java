package io.billingsdk.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison finds planted changes that break callers, and lets others pass. */
final class ApiChangesTest {
  private static final String BEFORE =
      """
      package io.billingsdk.probe;
      public class Probe {
        public static final int LIMIT = 1;
        public Probe() {}
        public long usage(String key) { return 1; }
        protected void refresh() {}
        void internalHelp() {}
        private int count;
        public sealed interface Outcome permits Accepted {}
        public record Accepted(long seq) implements Outcome {}
        public interface Listener { void connected(); }
      }
      """;

  @TempDir Path directory = Path.of("");

  private Path before = Path.of("");

  @BeforeEach
  void writeBaseline() throws IOException {
    before = api("before", BEFORE);
  }

  @Test
  void changes_thatBreakCallers_areFound() throws IOException {
    Map<String, String> plants = new LinkedHashMap<>();
    plants.put("public long usage(String key) { return 1; }", "");
    plants.put("public long usage(String key)", "public int usage(String key)");
    plants.put("usage(String key)", "usage(String key, int more)");
    plants.put("public static final int LIMIT = 1;", "");
    plants.put("public Probe() {}", "Probe() {}");
    plants.put("protected void refresh() {}", "private void refresh() {}");
    plants.put("public class Probe", "public final class Probe");
    plants.put("record Accepted(long seq)", "record Accepted(long seq, int part)");
    plants.put("void connected();", "void connected(); void lost();");
    plants.put("(String key) {", "(String key) throws Exception {");
    int found = 0;
    for (Map.Entry<String, String> plant : plants.entrySet()) {
      ApiChanges changes = changes(plant.getKey(), plant.getValue());
      assertThat(changes.incompatible()).as(plant + "\n" + changes.diff()).isNotEmpty();
      assertThat(changes.diff()).as(plant.toString()).contains("io.billingsdk.probe.Probe");
      found++;
    }
    Proof.of("api-planted-breaks").with("planted", plants.size()).with("found", found).print();
  }

  @Test
  void changes_thatCallersDoNotSee_pass() throws IOException {
    Map<String, String> harmless =
        Map.of(
            "void internalHelp() {}", "",
            "private int count;", "private long total;",
            "return 1;", "return 2;",
            "void connected();", "void connected(); default void lost() {}");
    for (Map.Entry<String, String> change : harmless.entrySet()) {
      ApiChanges changes = changes(change.getKey(), change.getValue());
      assertThat(changes.incompatible()).as(change + "\n" + changes.diff()).isEmpty();
    }
    assertThat(changes("public Probe() {}", "public Probe() {} public int more() { return 0; }"))
        .returns(List.of(), ApiChanges::incompatible)
        .returns(List.of("io.billingsdk.probe.Probe"), ApiChanges::changed);
  }

  @Test
  void jar_ofTheSameApi_isTheSameBytesWithoutCode() throws IOException {
    Path one = api("one", BEFORE);
    Path other = api("other", BEFORE.replace("return 1;", "return 77_000;"));
    assertThat(Files.readAllBytes(one)).isEqualTo(Files.readAllBytes(other));
  }

  private ApiChanges changes(String text, String by) throws IOException {
    assertThat(BEFORE).contains(text);
    return ApiChanges.between(before, api("now", BEFORE.replace(text, by)));
  }

  private Path api(String name, String source) throws IOException {
    Path sources = Files.createDirectories(directory.resolve(name + "-sources"));
    Path classes = Files.createTempDirectory(directory, name);
    Path file = Files.writeString(sources.resolve("Probe.java"), source);
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    int code =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "--release=17",
            "-d",
            classes.toString(),
            file.toString());
    assertThat(code).isZero();
    Path jar = directory.resolve(name + ".jar");
    assertThat(ApiJar.write(classes, jar)).isPositive();
    return jar;
  }
}
