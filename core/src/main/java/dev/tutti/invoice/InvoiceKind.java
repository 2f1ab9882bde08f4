package dev.tutti.invoice;

/** What a document says. */
public enum InvoiceKind {
    /** So much is to be paid for these units. */
    INVOICE,
    /** So much that was billed for these units is not to be paid, or is given back. */
    CREDIT_NOTE
}
