package io.billingsdk.documents.pdf;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.billingsdk.documents.DocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A page as a tree of XHTML, by the template. */
final class PageHtml {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          Path.of(""),
          ContentType.Html,
          PageHtml.class.getClassLoader(),
          "io.billingsdk.documents.pdf.html");

  private static final String STANDARD = standard();

  private PageHtml() {}

  static Document of(PaperPage page) {
    return rendered("paper.jte", page);
  }

  static Document of(ReportPage page) {
    return rendered("report.jte", page);
  }

  private static Document rendered(String template, Object page) {
    StringOutput html = new StringOutput();
    TEMPLATES.render(template, page, html);
    return parsed(html.toString());
  }

  /** Styles of the page: the standard one, the fonts, the one of a template. */
  static void style(Document page, String families, String own) {
    Node style = Objects.requireNonNull(page.getElementsByTagName("style").item(0));
    style.setTextContent(STANDARD.replace("FAMILIES", families) + own);
  }

  /** The factory of the JDK, whatever else is on the class path; it reads nothing from outside. */
  private static Document parsed(String html) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    } catch (SAXException malformed) {
      throw new DocumentException(
          "a name or an address of the document has a character that a page cannot have",
          malformed);
    } catch (IOException | ParserConfigurationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String standard() {
    try (InputStream css =
        Objects.requireNonNull(PageHtml.class.getResourceAsStream("standard.css"))) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
