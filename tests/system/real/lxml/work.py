"""lxml: XPath and XSLT."""

from lxml import etree

SHEET = b"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text"/>
<xsl:template match="/"><xsl:for-each select="//n"><xsl:sort select="." data-type="number"/>
<xsl:value-of select="concat(., ';')"/></xsl:for-each></xsl:template></xsl:stylesheet>"""


def main():
    document = etree.fromstring(b"<r><n>10</n><n>9</n><n>1</n></r>")
    sorted_numbers = etree.XSLT(etree.fromstring(SHEET))(document)
    print(f"sum {document.xpath('sum(//n)'):.0f}, sorted {sorted_numbers}")


if __name__ == "__main__":
    main()
