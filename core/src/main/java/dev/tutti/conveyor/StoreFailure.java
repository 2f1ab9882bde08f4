package dev.tutti.conveyor;

/** What can go wrong between the conveyor and the store without being anybody's bug. Handled in {@link Round} alone. */
public abstract sealed class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StoreFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** A deadlock or a serialization failure: nothing has happened, the commands can run again. */
    public static final class Conflict extends StoreFailure {
        private static final long serialVersionUID = 1L;

        public Conflict(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Somebody held a lock for too long: nothing has happened. */
    public static final class LockTimeout extends StoreFailure {
        private static final long serialVersionUID = 1L;

        public LockTimeout(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The store cannot be reached, and COMMIT had not been sent: nothing has happened. */
    public static final class Unreachable extends StoreFailure {
        private static final long serialVersionUID = 1L;
        private final boolean busy;

        public Unreachable(String message, Throwable cause) {
            this(message, false, cause);
        }

        /** @param busy whether it would answer, if its connections were not all in use */
        public Unreachable(String message, boolean busy, Throwable cause) {
            super(message, cause);
            this.busy = busy;
        }

        public boolean isBusy() {
            return busy;
        }
    }

    /** The content of some command cannot be stored: nothing has happened. */
    public static final class Unstorable extends StoreFailure {
        private static final long serialVersionUID = 1L;

        public Unstorable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The schema's own check on a guarded row fired, which is a bug in Tutti: nothing has happened. */
    public static final class GuardViolated extends StoreFailure {
        private static final long serialVersionUID = 1L;

        public GuardViolated(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** COMMIT was sent and its answer was lost: it has happened or it has not. */
    public static final class CommitUnknown extends StoreFailure {
        private static final long serialVersionUID = 1L;
        private final long transaction;

        public CommitUnknown(long transaction, Throwable cause) {
            super("no answer to COMMIT of transaction " + transaction, cause);
            this.transaction = transaction;
        }

        public long transaction() {
            return transaction;
        }
    }
}
