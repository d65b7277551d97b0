package io.billingsdk.matrix;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The SDK in services with the dependencies of others. With a protobuf that was older than our
 * generated code every call ended with UNKNOWN, while health was green.
 */
final class DependencyMatrixTest {
  private static final Pattern RESULT =
      Pattern.compile(
          "(?m)^result calls=(\\d+) right=(\\d+) seen=(\\d+) delivered=(\\d+) held=(\\d+)$");

  @TempDir static Path directory = Path.of("");

  private static @Nullable EmbeddedTestBroker broker;
  private static @Nullable MemoryCollector collector;

  @BeforeAll
  static void start() {
    if (!Row.areResolved()) {
      Proof.skipped("dependency-matrix", "the jars were not built: ./mvnw verify");
    }
    Assumptions.assumeTrue(Row.areResolved(), "the jars were not built");
    EmbeddedTestBroker started = EmbeddedTestBroker.in(directory);
    broker = started;
    started.start();
    collector =
        MemoryCollector.on(
            started,
            List.of(
                key("good", KeyRecord.Status.OK, null),
                key("blocked", KeyRecord.Status.BLOCKED, "unpaid")));
  }

  @AfterAll
  static void stop() {
    if (collector != null) {
      collector.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private static KeyRecord key(String name, KeyRecord.Status status, @Nullable String reason) {
    return new KeyRecord(
        "k_" + name,
        KeyRef.sha256("key-" + name),
        "app-" + name,
        status,
        reason,
        1,
        null,
        List.of("small"),
        null,
        List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boot-3.5",
        "boot-4.0",
        "boot-4.1",
        "grpc-1.64",
        "protobuf-4.28",
        "newest",
        "shaded"
      })
  void service_withTheDependenciesOfARow_getsTheRightAnswers(String name) throws Exception {
    Row row = Row.named(name);
    long begunNanos = System.nanoTime();
    String instance = name.replace('.', '_');
    String said = row.run(broker(), instance, "connected");
    Matcher result = RESULT.matcher(said);
    assertThat(result.find()).as(said).isTrue();
    List<ReceivedEvent.Valid> ledger = ledger(instance);
    Proof.of("dependency-matrix")
        .with("row", name)
        .with("grpc", row.version("grpc-api"))
        .with("protobuf", row.version("protobuf-java"))
        .with("netty", row.version("netty-handler"))
        .with("core", row.has("billing-sdk-core-shaded") ? "shaded" : "plain")
        .with("calls", result.group(1))
        .with("right", result.group(2))
        .with("forbidden_seen", result.group(3))
        .with("events", ledger.size())
        .with("ms", (System.nanoTime() - begunNanos) / 1_000_000)
        .print();
    assertThat(Integer.parseInt(result.group(1))).isEqualTo(24);
    assertThat(result.group(2)).as(said).isEqualTo(result.group(1));
    assertThat(result.group(3)).isEqualTo("0");
    // One for each of the four that were let in.
    assertThat(result.group(4)).isEqualTo("4");
    assertThat(ledger).extracting(ReceivedEvent.Valid::model).containsOnly("small").hasSize(4);
    // Tokens of three, bytes of the last.
    assertThat(ledger.stream().map(event -> event.usage().toPlainString()).sorted())
        .containsExactly("12", "7", "7", "7");
    assertThat(said).doesNotContain("ERROR", "Exception");
  }

  @Test
  void shadedRow_ofMavensMaking_hasOneCoreAndTheServicesOwnNetty() throws Exception {
    Row row = Row.named("shaded");
    assertThat(row.has("billing-sdk-core-shaded")).isTrue();
    assertThat(row.has("billing-sdk-core-0")).isFalse();
    assertThat(row.has("hivemq-mqtt-client")).isFalse();
    assertThat(row.version("netty-handler")).isEqualTo("4.1.94.Final");
    assertThat(row.version("rxjava")).isEqualTo("2.0.0");
  }

  @Test
  void shadedJar_everyClass_isUnderOurName() throws Exception {
    Row row = Row.named("shaded");
    Path shaded =
        Path.of(
            row.classPath().stream()
                .filter(path -> path.contains("billing-sdk-core-shaded"))
                .findFirst()
                .orElseThrow());
    try (JarFile jar = new JarFile(shaded.toFile())) {
      List<String> classes =
          jar.stream()
              .map(JarEntry::getName)
              .filter(name -> name.endsWith(".class"))
              .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
              .toList();
      List<String> ofOthers =
          classes.stream().filter(name -> !name.startsWith("io/billingsdk/")).toList();
      Proof.of("shaded")
          .with("classes", classes.size())
          .with("under_names_of_others", ofOthers.size())
          .with("netty_inside", nettyInside(jar))
          .with("netty_of_the_service", row.version("netty-handler"))
          .with("rxjava_of_the_service", row.version("rxjava"))
          .with("grpc", row.version("grpc-netty"))
          .print();
      assertThat(ofOthers).isEmpty();
      assertThat(nettyInside(jar)).isNotEqualTo(row.version("netty-handler"));
    }
  }

  /** The release of Netty that the jar has under our name. */
  private static String nettyInside(JarFile jar) throws IOException {
    Properties versions = new Properties();
    try (InputStream file =
        jar.getInputStream(jar.getEntry("META-INF/io.netty.versions.properties"))) {
      versions.load(file);
    }
    return versions.stringPropertyNames().stream()
        .filter(name -> name.endsWith(".version"))
        .map(versions::getProperty)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shadedPom_thatIsPublished_bringsNeitherCoreNorTheMqttLibrary() throws Exception {
    Path pom = Path.of("../../billing-sdk-core-shaded/target/dependency-reduced-pom.xml");
    assertThat(Files.readString(pom))
        .contains("<artifactId>jackson-databind</artifactId>")
        .doesNotContain(
            "<artifactId>billing-sdk-core</artifactId>",
            "<artifactId>billing-protocol</artifactId>")
        .doesNotContain(
            "hivemq-mqtt-client</artifactId>", "<groupId>io.netty", "rxjava</artifactId>");
  }

  /**
   * As the README had it once: the plain core comes with billing-sdk-grpc, and nothing connects.
   */
  @Test
  void twoCores_inEitherOrder_areRefusedAtTheStart() throws Exception {
    Row plain = Row.named("newest");
    Row shaded = Row.named("shaded");
    for (Row row :
        List.of(
            shaded.with(plain, "billing-sdk-core-0"),
            plain.without("hivemq-mqtt-client").with(shaded, "billing-sdk-core-shaded"))) {
      assertThat(row.run(broker(), "two-cores", "connected"))
          .contains("refused: billing-sdk-core and billing-sdk-core-shaded are both on the class")
          .contains("exclude")
          .doesNotContain("result");
    }
  }

  /** Single classes are in MissingClassTest of core. */
  @ParameterizedTest
  @ValueSource(strings = {"netty-handler", "hivemq-mqtt-client", "dagger"})
  void client_withoutALibrary_saysSoOnceAndLetsNobodyIn(String missing) throws Exception {
    Row row = Row.named("newest").without(missing);
    String said = row.run(broker(), "without", "unconnected");
    Matcher result = RESULT.matcher(said);
    assertThat(result.find()).as(said).isTrue();
    assertThat(result.group(2)).as(said).isEqualTo(result.group(1));
    assertThat(said).contains("Problem[kind=LOCAL").contains("NoClassDefFoundError");
    assertThat(said.lines().filter(line -> line.contains(" ERROR "))).as(said).hasSize(1);
  }

  private static EmbeddedTestBroker broker() {
    return requireNonNull(broker);
  }

  private static List<ReceivedEvent.Valid> ledger(String instance) {
    return requireNonNull(collector).ledger(instance);
  }
}
