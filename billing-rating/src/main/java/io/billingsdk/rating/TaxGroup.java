package io.billingsdk.rating;

/**
 * The lines of an invoice with one tax.
 *
 * @param rate the tax
 * @param base the net amounts of its lines, less their parts of the invoice's discount
 * @param tax the tax on the base, rounded once
 */
public record TaxGroup(TaxRate rate, Money base, Money tax) {}
