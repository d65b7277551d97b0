package io.billingsdk.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.testbed.Proof;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The metadata for GraalVM names classes, members and resources that exist, and each that our code
 * looks up by name. It is experimental: no native image is built here.
 */
final class NativeImageMetadataTest {
  private static final Path CHECKOUT = Path.of("../..");
  private static final Path CORE = CHECKOUT.resolve("billing-sdk-core");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void types_thatAreNamed_existWithTheirMembers() throws Exception {
    for (Path module : List.of(CORE, CHECKOUT.resolve("billing-sdk-grpc"))) {
      for (JsonNode entry : read(module, "reflect-config.json")) {
        Class<?> type = load(entry.get("name").asText());
        for (JsonNode method : entry.path("methods")) {
          List<Class<?>> parameters = new ArrayList<>();
          for (JsonNode parameter : method.path("parameterTypes")) {
            parameters.add(load(parameter.asText()));
          }
          assertThatCode(
                  () ->
                      type.getDeclaredMethod(
                          method.get("name").asText(), parameters.toArray(Class<?>[]::new)))
              .doesNotThrowAnyException();
        }
        for (JsonNode field : entry.path("fields")) {
          assertThat(type).hasDeclaredFields(field.get("name").asText());
        }
      }
    }
    for (JsonNode proxy : read(CORE, "proxy-config.json")) {
      for (JsonNode name : proxy.get("interfaces")) {
        assertThat(load(name.asText())).isInterface();
      }
    }
  }

  @Test
  void types_thatCoreLooksUpByName_areNamed() throws IOException {
    String source =
        Files.readString(
            CORE.resolve("src/main/java/io/billingsdk/internal/link/MqttLibrary.java"));
    List<String> lookedUp =
        Pattern.compile("\"([a-z]+[.][\\w.]+)\"")
            .matcher(source)
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    TreeSet<String> named = new TreeSet<>();
    read(CORE, "reflect-config.json").forEach(entry -> named.add(entry.get("name").asText()));
    assertThat(lookedUp).hasSizeGreaterThan(10);
    assertThat(named).containsAll(lookedUp);
  }

  @Test
  void resources_thatAreNamed_areInTheJarOrInTheShadedOne() throws IOException {
    for (JsonNode include : read(CORE, "resource-config.json").at("/resources/includes")) {
      String name = include.get("pattern").asText().replaceAll("\\\\[QE]", "");
      assertThat(
              Stream.of("billing-sdk-core", "billing-sdk-core-shaded")
                  .map(module -> CHECKOUT.resolve(module + "/target/classes").resolve(name)))
          .as(name)
          .anyMatch(Files::exists);
    }
  }

  /** Skipped, so that no report shows it as passed. */
  @Test
  void nativeImage_ofAService_starts() {
    boolean there =
        Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "native-image")));
    String why =
        there
            ? "a native-image is installed, and no test of this project builds with it yet"
            : "no native-image is installed; the registries have its jars, and no JDK of GraalVM";
    Proof.skipped("native-image", why);
    abort(why);
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, NativeImageMetadataTest.class.getClassLoader());
  }

  private static JsonNode read(Path module, String file) throws IOException {
    return JSON.readTree(
        module
            .resolve("src/main/resources/META-INF/native-image/io.billingsdk")
            .resolve(module.getFileName())
            .resolve(file)
            .toFile());
  }
}
