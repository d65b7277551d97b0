package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenApiPartsTest {
  private static final String FRAME =
      """
      openapi: 3.1.0
      info:
        title: t
      components:
        responses:
          Problem: {}
      paths:
        # document
        /metrics:
          get: {}
      """;

  @Test
  void parts_withPathsAndComponents_standInTheSectionsOfTheFrame() {
    OpenApiParts parts = OpenApiParts.frame(FRAME);
    parts.add(
        "a",
        """
        paths:
          /a:
            get: {}
        components:
          schemas:
            A: {}
          responses:
            Gone: {}
        """);

    assertThat(parts.text())
        .isEqualTo(
            """
            openapi: 3.1.0
            info:
              title: t
            components:
              responses:
                Problem: {}
                Gone: {}
              schemas:
                A: {}
            paths:
              # document
              /metrics:
                get: {}
              /a:
                get: {}
            """);
  }

  @Test
  void parts_withMethodsOfOnePath_areOnePath() {
    OpenApiParts parts = OpenApiParts.frame(FRAME);
    parts.add("a", "paths:\n  /a:\n    get: {}\n");
    parts.add("b", "paths:\n  /b:\n    get: {}\n  /a:\n    post: {}\n");

    assertThat(parts.text()).endsWith("  /a:\n    get: {}\n    post: {}\n  /b:\n    get: {}\n");
  }

  @Test
  void part_withASectionOfTheFrame_isRefusedWithItsName() {
    OpenApiParts parts = OpenApiParts.frame(FRAME);

    assertThatThrownBy(() -> parts.add("a.yaml", "info:\n  title: mine\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a.yaml")
        .hasMessageContaining("info:");
  }
}
