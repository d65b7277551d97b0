package io.billingsdk.documents.pdf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Map;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;

/** Lays the XML of an invoice into its PDF, as Factur-X 1 and ZUGFeRD 2 want it. */
final class FacturX {
  private static final String FILE = "factur-x.xml";

  /** PDF/A wants a description of each field that it does not know. */
  static final String XMP =
      """
      <rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"><fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName><fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>
      <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
      <rdf:li rdf:parseType="Resource"><pdfaProperty:name>DocumentFileName</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>The name of the embedded XML document</pdfaProperty:description></rdf:li>
      <rdf:li rdf:parseType="Resource"><pdfaProperty:name>DocumentType</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>The type of the hybrid document in capital letters</pdfaProperty:description></rdf:li>
      <rdf:li rdf:parseType="Resource"><pdfaProperty:name>Version</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>The version of the XML standard</pdfaProperty:description></rdf:li>
      <rdf:li rdf:parseType="Resource"><pdfaProperty:name>ConformanceLevel</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>The conformance level of the XML document</pdfaProperty:description></rdf:li>
      </rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
      """;

  private FacturX() {}

  static void embed(PDDocument pdf, byte[] cii, LocalDate issued) throws IOException {
    PDEmbeddedFile file =
        new PDEmbeddedFile(pdf, new ByteArrayInputStream(cii), COSName.FLATE_DECODE);
    file.setSubtype("text/xml");
    file.setSize(cii.length);
    file.setCreationDate(PdfMetadata.calendar(issued));
    file.setModDate(PdfMetadata.calendar(issued));
    PDComplexFileSpecification place = new PDComplexFileSpecification();
    place.setFile(FILE);
    place.setFileUnicode(FILE);
    place.setFileDescription("The invoice as XML");
    place.setEmbeddedFile(file);
    place.setEmbeddedFileUnicode(file);
    COSDictionary entry = place.getCOSObject();
    entry.setName("AFRelationship", "Alternative");
    PDEmbeddedFilesNameTreeNode names = new PDEmbeddedFilesNameTreeNode();
    names.setNames(Map.of(FILE, place));
    PDDocumentNameDictionary dictionary = new PDDocumentNameDictionary(pdf.getDocumentCatalog());
    dictionary.setEmbeddedFiles(names);
    pdf.getDocumentCatalog().setNames(dictionary);
    COSArray associated = new COSArray();
    associated.add(place);
    pdf.getDocumentCatalog().getCOSObject().setItem("AF", associated);
  }
}
