/** Tests of the documents of invoices over a whole server. */
@NullMarked
package io.billingsdk.server.documents;

import org.jspecify.annotations.NullMarked;
