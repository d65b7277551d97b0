package io.billingsdk.internal.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsMaterialTest {
  @TempDir private Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "file", ".pem"), content);
  }

  private static LinkSettings.Tls tls(@Nullable Path ca, @Nullable Path cert, @Nullable Path key) {
    return new LinkSettings.Tls(ca, cert, key);
  }

  @Test
  void verify_noFiles_usesTheJvmsTrustAndNoIdentity() {
    TlsMaterial material = TlsMaterial.read(tls(null, null, null));
    assertThat(material.trust()).isNull();
    assertThat(material.identity()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary",
        "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n",
      })
  void verify_notCertificates_namesSettingAndFileAndQuotesNothing(String content)
      throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> tls(file, null, null).verify())
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("caCertificates")
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> tls(null, file, file).verify())
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("clientCertificate")
        .hasMessageNotContaining("canary");
  }

  @Test
  void verify_directory_isRefused() {
    assertThatThrownBy(() -> tls(directory, null, null).verify())
        .isInstanceOf(BillingException.class)
        .hasMessageContaining(directory.toString());
  }
}
