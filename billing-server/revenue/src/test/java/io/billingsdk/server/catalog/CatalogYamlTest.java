package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.common.ShownText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogYamlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a\u202eb",
        "\u200b",
        "two\nlines",
        "two\n\u2066lines",
        "a\r\u001b[2J\u00a0c\u2028\u007f\u009bd",
        "\"quoted\" \\ \u202e",
        "\\U0000202E",
        "\uD83D\uDE00 \uDB40\uDC41"
      })
  void write_anyText_isReadAsItWas_andHidesNothing(String text) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode().put("unit", text);
    tree.set(text, JsonNodeFactory.instance.arrayNode().add(text));

    String written = CatalogYaml.write(tree);

    assertThat(CatalogYaml.read(written)).isEqualTo(tree);
    assertThat(written.codePoints().filter(each -> each != '\n').filter(ShownText::isHidden))
        .as(written)
        .isEmpty();
  }
}
