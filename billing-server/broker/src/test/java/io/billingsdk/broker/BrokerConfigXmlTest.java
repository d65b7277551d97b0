package io.billingsdk.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

final class BrokerConfigXmlTest {

  private static final String ODD = "]]> <a b=\"c\"> & 'd' ${HOME} $ ü";
  private static final BrokerSettings.Limits LIMITS = new BrokerSettings.Limits(7, 8000, 9, 1);

  @Test
  void text_oddPathAndPassword_areReadBackUnchanged() throws Exception {
    Path path = Path.of("/tmp", ODD.replace('/', '_'), "server.p12");
    BrokerConfigXml.Store store = new BrokerConfigXml.Store(path, ODD);

    String text = new BrokerConfigXml(1883, store, store, LIMITS).text();
    Document xml = parse(text);

    assertThat(content(xml, "path", 0)).isEqualTo(path.toString());
    assertThat(content(xml, "password", 0)).isEqualTo(ODD);
    assertThat(content(xml, "private-key-password", 0)).isEqualTo(ODD);
    assertThat(content(xml, "password", 1)).isEqualTo(ODD);
    // The broker replaces such a thing by an environment variable before it parses.
    assertThat(text).doesNotContain("$");
  }

  @Test
  void text_withTrustStore_requiresClientCertificates() throws Exception {
    BrokerConfigXml.Store store = new BrokerConfigXml.Store(Path.of("x.p12"), "secret");

    Document with = parse(new BrokerConfigXml(0, store, store, LIMITS).text());
    Document without = parse(new BrokerConfigXml(0, store, null, LIMITS).text());

    assertThat(content(with, "client-authentication-mode", 0)).isEqualTo("REQUIRED");
    assertThat(content(without, "client-authentication-mode", 0)).isEqualTo("NONE");
  }

  @Test
  void text_relativeKeyStore_isWrittenAbsolute() throws Exception {
    BrokerConfigXml.Store store = new BrokerConfigXml.Store(Path.of("x.p12"), "secret");

    Document xml = parse(new BrokerConfigXml(0, store, null, LIMITS).text());

    assertThat(Path.of(content(xml, "path", 0))).isAbsolute();
  }

  @Test
  void escape_controlCharacter_isRefused() {
    assertThatThrownBy(() -> BrokerConfigXml.escape("a\nb"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_always_hidesThePassword() {
    BrokerConfigXml.Store store = new BrokerConfigXml.Store(Path.of("x.p12"), "s3cret");

    assertThat(new BrokerConfigXml(0, store, store, LIMITS).toString()).doesNotContain("s3cret");
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static String content(Document xml, String tag, int index) {
    return xml.getElementsByTagName(tag).item(index).getTextContent();
  }
}
