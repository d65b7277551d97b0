package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a setting comes from: builder, system property, environment, file, default. */
final class SettingSourcesTest {
  @TempDir private Path directory;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private BillingConfigBuilder builder() {
    return new BillingConfigBuilder(
        new SettingSources(
            properties::get, environment::get, directory.resolve("billing.properties")),
        Map.of(),
        null);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content, StandardCharsets.UTF_8);
  }

  @Test
  void build_settingInEveryPlace_theFirstPlaceWins() throws IOException {
    assertThat(builder().host("h").build().port()).as("default").isEqualTo(8_883);
    file("billing.properties", "billing.port=1");
    assertThat(builder().host("h").build().port()).as("file").isEqualTo(1);
    environment.put("BILLING_PORT", "2");
    assertThat(builder().host("h").build().port()).as("environment").isEqualTo(2);
    properties.put("billing.port", "3");
    assertThat(builder().host("h").build().port()).as("system property").isEqualTo(3);
    assertThat(builder().host("h").port(4).build().port()).as("builder").isEqualTo(4);
  }

  @Test
  void build_wrongTextInAPlaceThatIsNotAsked_doesNotMatter() {
    environment.put("BILLING_PORT", "wrong");
    assertThat(builder().host("h").port(4).build().port()).isEqualTo(4);
    properties.put("billing.port", "3");
    assertThat(builder().host("h").build().port()).isEqualTo(3);
  }

  @Test
  void build_everythingFromTheFile_isRead() throws IOException {
    file(
        "billing.properties",
        """
        # comment
        billing.host = bröker.example
        billing.username = user
        billing.password = päss wörd
        billing.keepAlive: 15s
        """);
    BillingConfig config = builder().build();
    assertThat(config.host()).as("UTF-8").isEqualTo("bröker.example");
    assertThat(config.keepAlive()).hasSeconds(15);
    assertThat(config.credentials().orElseThrow().get())
        .isEqualTo(new Credentials("user", "päss wörd"));
  }

  @Test
  void build_fileNamedByPropertyOrEnvironment_isTheOnlyOneRead() throws IOException {
    file("billing.properties", "billing.port=1\nbilling.keepAlive=99s");
    environment.put("BILLING_CONFIG", file("env.properties", "billing.port=2").toString());
    assertThat(builder().host("h").build().port()).isEqualTo(2);
    assertThat(builder().host("h").build().keepAlive()).hasSeconds(10);
    properties.put("billing.config", file("prop.properties", "billing.port=3").toString());
    assertThat(builder().host("h").build().port()).isEqualTo(3);
  }

  @Test
  void build_namedFileMissing_isAProblemAndTheDefaultFileMissingIsNot() {
    assertThat(builder().host("h").build().port()).isEqualTo(8_883);
    properties.put("billing.config", directory.resolve("missing").toString());
    assertThatThrownBy(() -> builder().host("h").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot read " + directory.resolve("missing"));
  }

  @Test
  void build_namedFileThatIsNoPath_isAProblemAmongTheOthers() {
    properties.put("billing.config", "a\u0000b");
    properties.put("billing.port", "0");
    assertThatThrownBy(() -> builder().host("h").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("billing.config")
        .hasMessageContaining("billing.port");
  }

  @Test
  void build_fileMalformed_isAProblem() throws IOException {
    file("billing.properties", "billing.host=\\u00zz");
    assertThatThrownBy(() -> builder().host("h").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("billing.properties");
    Files.write(directory.resolve("billing.properties"), new byte[] {'a', '=', (byte) 0xC3});
    assertThatThrownBy(() -> builder().host("h").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("billing.properties");
  }

  @Test
  void build_unknownKeyInTheFile_isNamedWithoutItsValue() throws IOException {
    file("billing.properties", "billing.paswword=canary\nbilling.port=1");
    assertThatThrownBy(() -> builder().host("h").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'billing.paswword' is not a setting")
        .hasMessageContaining("billing.password")
        .hasMessageNotContaining("canary");
  }

  @Test
  void build_severalProblems_areAllInOneMessage() throws IOException {
    file("billing.properties", "billing.keepAlive=never\nbilling.typo=1");
    environment.put("BILLING_PORT", "0");
    properties.put("billing.windowMessages", "many");
    properties.put("billing.username", "user");
    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("billing configuration: ")
        .hasMessageContaining("billing.keepAlive (" + directory)
        .hasMessageContaining("never")
        .hasMessageContaining("billing.typo")
        .hasMessageContaining("BILLING_PORT (environment) must be 1 to 65535, but was '0'")
        .hasMessageContaining("billing.windowMessages (system property)")
        .hasMessageContaining("host is required")
        .hasMessageContaining("username and password must be given together");
  }

  @Test
  void build_supplierGiven_credentialsElsewhereAreNotAsked() {
    properties.put("billing.username", "user");
    BillingConfig config =
        builder().host("h").credentials(() -> new Credentials("supplied", "p")).build();
    assertThat(config.credentials().orElseThrow().get().username()).isEqualTo("supplied");
  }
}
