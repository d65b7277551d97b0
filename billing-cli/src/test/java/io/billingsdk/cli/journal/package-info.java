/** For the authors of billing-sdk: tests of the commands that look into a journal. */
@NullMarked
package io.billingsdk.cli.journal;

import org.jspecify.annotations.NullMarked;
