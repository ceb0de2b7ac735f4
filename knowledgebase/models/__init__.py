"""State of the knowledge base, importable from here."""

from knowledgebase.models.articles import Article as Article
from knowledgebase.models.articles import ArticleText as ArticleText
from knowledgebase.models.articles import Reader as Reader
from knowledgebase.models.categories import Category as Category
from knowledgebase.models.origins import ArticleOrigin as ArticleOrigin
from knowledgebase.models.usage import ArticleUse as ArticleUse
from knowledgebase.models.usage import ArticleVote as ArticleVote
